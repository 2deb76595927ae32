/**
 * Kinds that configure the cluster itself: certificates, runtime classes, custom resource
 * definitions, admission and API registration, priority and fairness, devices.
 *
 * <p>Custom resource definitions get basic validation here; their schemas' rules and what they
 * serve come with the API server.
 */
package io.troupe.control.kinds.cluster;
