package io.troupe.control.apiserver.authorization;

/**
 * Whether something may be done.
 *
 * @param denied whether it is refused for good, whatever others say; only reviews tell the
 *     difference
 * @param reason why, for people; may be empty
 */
public record Verdict(boolean allowed, boolean denied, String reason) {
  static final Verdict NO_OPINION = new Verdict(false, false, "");

  static Verdict allow(String reason) {
    return new Verdict(true, false, reason);
  }

  static Verdict noOpinion(String reason) {
    return new Verdict(false, false, reason);
  }
}
