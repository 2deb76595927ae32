package io.troupe.control.apiserver.authorization;

/** An authorizer's answer; the reason is for people and may be empty. */
record Verdict(boolean allowed, String reason) {
  static final Verdict ALLOWED = new Verdict(true, "");
  static final Verdict NO_OPINION = new Verdict(false, "");

  static Verdict noOpinion(String reason) {
    return new Verdict(false, reason);
  }
}
