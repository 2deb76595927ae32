package io.troupe.api.apply;

/** A value that does not have the shape its schema says. */
final class TypedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TypedException(String message) {
    super(message, null, false, false);
  }
}
