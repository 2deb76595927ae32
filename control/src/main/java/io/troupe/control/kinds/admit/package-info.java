/**
 * Built-in admission that needs nothing but the object and a view of the cluster: what upstream
 * keeps in {@code plugin/pkg/admission}.
 *
 * <p>In: a new object that the decider owns, and {@link io.troupe.control.kinds.strategy.Facts}.
 * Out: the changed object, or a {@link io.troupe.api.object.RefusedException}. Left out: webhooks
 * (asked at the edge), NodeRestriction (the edge knows the node), and plugins that are off by
 * default.
 */
package io.troupe.control.kinds.admit;
