package io.troupe.persistence.entity;

/** Something was committed up to this revision. */
public record Committed(long lastRevision) implements Portable {}
