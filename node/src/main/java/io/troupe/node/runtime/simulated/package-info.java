/**
 * A runtime without containers: pods run and stop in memory, at once, for tests of scale and for
 * forks of a cluster. Logs, exec, attach and port-forward refuse.
 */
package io.troupe.node.runtime.simulated;
