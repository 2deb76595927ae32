package io.troupe.persistence.journal;

/**
 * An event on its way into the journal. The writer tells it how it ended before the actor's persist
 * completes, so the actor finds its revision here.
 */
public interface JournalEvent {
  /** Says what the payload is: {@code object}, {@code removed}, …. */
  String manifest();

  /** UTF-8 JSON; asked for once, before {@link #committed}. */
  byte[] payload();

  void committed(long revision);

  void failed(JournalFailure failure);
}
