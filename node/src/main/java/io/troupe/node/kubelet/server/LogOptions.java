package io.troupe.node.kubelet.server;

import java.time.Instant;

/**
 * What of a log is wanted.
 *
 * @param tailLines -1 for all
 * @param limitBytes -1 for no limit
 * @param since null for the beginning
 */
record LogOptions(
    boolean follow,
    boolean previous,
    boolean timestamps,
    long tailLines,
    long limitBytes,
    Instant since,
    String stream) {

  static LogOptions of(Request request, Instant now) {
    String sinceTime = request.parameter("sinceTime");
    String sinceSeconds = request.parameter("sinceSeconds");
    Instant since =
        !sinceTime.isEmpty()
            ? Instant.parse(sinceTime)
            : sinceSeconds.isEmpty() ? null : now.minusSeconds(Long.parseLong(sinceSeconds));
    return new LogOptions(
        request.flag("follow"),
        request.flag("previous"),
        request.flag("timestamps"),
        number(request.parameter("tailLines")),
        number(request.parameter("limitBytes")),
        since,
        request.parameter("stream"));
  }

  private static long number(String text) {
    return text.isEmpty() ? -1 : Long.parseLong(text);
  }
}
