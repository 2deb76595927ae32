package io.troupe.persistence.entity;

import io.troupe.persistence.store.Outcome;

/** An object actor's reply. */
public sealed interface Answer extends Portable {
  record Ended(Outcome outcome) implements Answer {}

  /** The change may or may not be in the journal. */
  record Unknown(String why) implements Answer {}
}
