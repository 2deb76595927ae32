/**
 * Aggregated ClusterRoles: their rules are those of all ClusterRoles that their selectors find.
 *
 * <p>In and out: ClusterRoles.
 */
package io.troupe.control.controllers.rbac;
