/**
 * A cluster as its components see it: {@link io.troupe.api.client.KubeClient} writes and reads
 * through the API, {@link io.troupe.api.client.ClusterView} is a local copy that follows it.
 *
 * <p>Both have two implementations, one inside the control JVM (watch cache and object actors) and
 * one over HTTPS, so a controller runs unchanged against Troupe or upstream Kubernetes.
 */
package io.troupe.api.client;
