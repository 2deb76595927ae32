package io.troupe.control.kinds.strategy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** API times as text and milliseconds, and ages as kubectl shows them. */
public final class Times {
  private Times() {}

  /** {@code metav1.Time}: RFC 3339 in UTC, whole seconds. */
  public static String rfc3339(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Milliseconds since the epoch, or -1 when the text is no time. */
  public static long millis(String rfc3339) {
    if (rfc3339.isEmpty()) {
      return -1;
    }
    try {
      return rfc3339.endsWith("Z")
          ? Instant.parse(rfc3339).toEpochMilli()
          : OffsetDateTime.parse(rfc3339).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      return -1;
    }
  }

  /** How long ago, {@code <unknown>} when there is no time. */
  public static String since(String rfc3339, long nowMillis) {
    long then = millis(rfc3339);
    return then < 0 ? "<unknown>" : duration(nowMillis - then);
  }

  /** Milliseconds in the two most telling units (apimachinery {@code HumanDuration}). */
  public static String duration(long millis) {
    long seconds = millis / 1000;
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 0) {
      return "0s";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return with(minutes + "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return with(hours + "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (hours < 192) {
      return with(days + "d", hours % 24, "h");
    }
    if (days < 730) {
      return days + "d";
    }
    return days < 8 * 365 ? with(days / 365 + "y", days % 365, "d") : days / 365 + "y";
  }

  private static String with(String first, long rest, String unit) {
    return rest == 0 ? first : first + rest + unit;
  }
}
