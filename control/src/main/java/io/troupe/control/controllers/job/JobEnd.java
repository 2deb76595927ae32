package io.troupe.control.controllers.job;

/** How a Job ends: with success or failure, and why. */
record JobEnd(boolean isSuccess, String reason, String message) {
  static final JobEnd COMPLETED =
      new JobEnd(true, "CompletionsReached", "Reached expected number of succeeded pods");

  static JobEnd failure(String reason, String message) {
    return new JobEnd(false, reason, message);
  }

  /** The condition that is set before the pods are let go. */
  String interim() {
    return isSuccess ? "SuccessCriteriaMet" : "FailureTarget";
  }
}
