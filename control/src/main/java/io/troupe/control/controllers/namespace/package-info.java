/**
 * Empties namespaces that are being deleted and lets them go.
 *
 * <p>In: namespaces and every namespaced type. Out: deletions of their contents, the namespace's
 * conditions, and its finalizer {@code kubernetes}. Pods go before everything else, so that what
 * they need outlives them (KEP-5080).
 */
package io.troupe.control.controllers.namespace;
