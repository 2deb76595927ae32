package io.troupe.persistence.store;

/**
 * One change as watchers see it.
 *
 * @param revision of the change
 * @param before the object before, null when it was created
 * @param after the object after; null when it was removed
 * @param last the removed object as a DELETED event shows it (at the revision of the deletion);
 *     null otherwise
 */
public record CachedChange(
    long revision, CachedObject before, CachedObject after, CachedObject last) {}
