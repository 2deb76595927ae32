/**
 * Which pods stand behind each Service: EndpointSlices, and the older Endpoints.
 *
 * <p>In: services, pods, nodes (zones). Out: EndpointSlices managed by {@code
 * endpointslice-controller.k8s.io}, Endpoints of services with a selector. Endpoints stay in the
 * slice they are in, so that a change of one pod rewrites one slice. Left out: the annotation of
 * the last trigger time, which only measures, and hints by the {@code topology-mode} annotation,
 * which {@code trafficDistribution} replaces.
 */
package io.troupe.control.controllers.endpoints;
