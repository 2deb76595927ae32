package io.troupe.api.object;

/** A refusal on its way through code that returns something else. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }

  public boolean isNotFound() {
    return refusal.code() == 404;
  }

  public boolean isAlreadyExists() {
    return refusal.reason().equals("AlreadyExists");
  }

  public boolean isConflict() {
    return refusal.reason().equals("Conflict");
  }
}
