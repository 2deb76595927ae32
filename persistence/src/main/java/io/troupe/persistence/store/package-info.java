/**
 * The store as the API server sees it: commands to objects, decisions about them, and reads from
 * the watch cache.
 *
 * <p>The rules of Kubernetes are not here: a {@link io.troupe.persistence.store.Decider} brings
 * them.
 */
package io.troupe.persistence.store;
