/**
 * DaemonSets: one pod on each node that fits, replaced in order when the template changes.
 *
 * <p>In: DaemonSets, nodes, their pods and revisions. Out: pods (bound to their node by affinity,
 * so that the scheduler places them), revisions, status.
 */
package io.troupe.control.controllers.daemon;
