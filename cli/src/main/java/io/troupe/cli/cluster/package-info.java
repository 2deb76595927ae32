/** Wires the parts: {@code ControlPlane} starts a control JVM's, {@code Worker} a node's. */
package io.troupe.cli.cluster;
