/**
 * The objects that a cluster is born with: system namespaces, default roles and bindings, priority
 * classes, the {@code kubernetes} and {@code kube-dns} Services, and the kinds' rules as the API
 * server asks for them.
 */
package io.troupe.control.bootstrap;
