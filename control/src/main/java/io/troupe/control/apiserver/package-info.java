/**
 * What kube-apiserver is to Kubernetes: the only door to the store.
 *
 * <p>A request passes {@code http} (connections, limits, routing), {@code authentication}, {@code
 * authorization} and {@code rest} (reads from the watch cache, writes as commands to object actors,
 * watches). {@code streaming} relays logs, exec and port-forward to kubelets; {@code pki} keeps
 * certificates. Rules of kinds are {@code control/kinds}'.
 */
package io.troupe.control.apiserver;
