package io.troupe.persistence.entity;

/** A message that may travel between members; {@link MessageSerializer} writes it. */
public interface Portable {}
