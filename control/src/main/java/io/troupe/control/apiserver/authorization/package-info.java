/**
 * Who may do what: system:masters, the Node authorizer's graph, and RBAC from the watch cache.
 * Stands for plugin/pkg/auth/authorizer and the bootstrap policy.
 *
 * <p>In go attributes of a request, out comes allowed or not, with upstream's reason. Rules are
 * compiled once per change of a role. Left out: ABAC, webhooks.
 */
package io.troupe.control.apiserver.authorization;
