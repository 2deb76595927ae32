package io.troupe.persistence.entity;

/** Whether a change was made is not known: the caller must read to learn it. */
public final class OutcomeUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutcomeUnknownException(String message) {
    super(message, null, false, false);
  }
}
