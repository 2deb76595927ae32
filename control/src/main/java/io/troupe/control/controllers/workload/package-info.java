/**
 * The controllers of long-running workloads: ReplicaSet and ReplicationController, which keep a
 * number of pods, and Deployment, which moves between ReplicaSets.
 *
 * <p>In: workload objects and pods. Out: pods and ReplicaSets under their controllers, and the
 * workloads' status. The rules are upstream's (pkg/controller/replicaset, pkg/controller/deployment
 * at v1.37); pod names are computed instead of drawn, see {@code GeneratedName}.
 */
package io.troupe.control.controllers.workload;
