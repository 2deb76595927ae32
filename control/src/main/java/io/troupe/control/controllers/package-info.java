/**
 * Stands for kube-controller-manager: level-triggered controllers that compare what is wanted with
 * what is, and write the difference through the API.
 *
 * <p>A {@link io.troupe.control.controllers.Controller} declares which types it follows and what it
 * alone writes; its {@code reconcile} is a pure function from a cluster view and a time to a {@link
 * io.troupe.control.controllers.Plan} of writes. {@code runtime} does the rest: queues, back-off,
 * executing writes, events, and the share of each JVM. Each sub-package holds one concept. Left out
 * on purpose: anything of the API server or scheduler; controllers see a cluster only through
 * {@code ClusterView} and {@code KubeClient}, so they also run against upstream's API server.
 */
package io.troupe.control.controllers;
