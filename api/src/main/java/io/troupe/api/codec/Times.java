package io.troupe.api.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** RFC 3339 as {@code metav1.Time} (whole seconds) and {@code MicroTime} write it, in UTC. */
final class Times {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final long YEAR_1 = -62_135_596_800L;
  private static final long YEAR_10000 = 253_402_300_800L;

  private Times() {}

  /**
   * The text of a time.
   *
   * @throws IllegalArgumentException outside of the years 1 to 9999
   */
  static String format(long seconds, int nanos, boolean micros) {
    if (seconds < YEAR_1 || seconds >= YEAR_10000) {
      throw new IllegalArgumentException("time is out of range: " + seconds + " s");
    }
    Instant time = Instant.ofEpochSecond(seconds, micros ? nanos : 0);
    return (micros ? MICROS : SECONDS).format(time);
  }

  /**
   * Reads any RFC 3339 text.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not an RFC 3339 time: " + text, e);
    }
  }
}
