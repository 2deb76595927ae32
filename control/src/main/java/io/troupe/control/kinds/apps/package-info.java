/**
 * Controllers of pods: Deployment, ReplicaSet, StatefulSet, DaemonSet, ControllerRevision,
 * ReplicationController, and their scale subresource.
 */
package io.troupe.control.kinds.apps;
