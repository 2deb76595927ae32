/**
 * The small kinds of the core group (configuration, identity, namespaces, nodes, events, limits)
 * and leases.
 */
package io.troupe.control.kinds.core;
