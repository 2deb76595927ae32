package io.troupe.persistence.journal;

/** Why a row is not, or may not be, in the journal. */
public final class JournalFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is known about the row. */
  public enum Kind {
    /** Certainly not written: the database is away, full or read-only. */
    UNAVAILABLE,
    /** Certainly not written: another writer has written this sequence number. */
    FENCED,
    /** The connection broke while the commit was under way. */
    UNKNOWN
  }

  private final Kind kind;

  public JournalFailure(Kind kind, String message, Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
