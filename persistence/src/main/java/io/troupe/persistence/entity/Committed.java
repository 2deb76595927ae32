package io.troupe.persistence.entity;

/**
 * A group that a member committed, for the other members' caches.
 *
 * @param rows as {@code AppliedRows} writes them; empty when they were too many to send
 */
public record Committed(long firstRevision, long lastRevision, byte[] rows) implements Portable {}
