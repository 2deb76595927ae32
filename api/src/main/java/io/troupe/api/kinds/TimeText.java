package io.troupe.api.kinds;

import io.troupe.api.object.Quoted;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code metav1.Time} and {@code MicroTime}: RFC 3339 in, UTC in seconds or microseconds out, with
 * Go's messages for texts that are no time.
 */
final class TimeText {
  private static final String SECONDS = "2006-01-02T15:04:05Z07:00";
  private static final String MICROS = "2006-01-02T15:04:05.000000Z07:00";
  private static final Pattern SHAPE =
      Pattern.compile(
          "(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d+))?(Z|[+-]\\d\\d:\\d\\d)");

  /** The parts of Go's layout, and how many characters of a text each takes. */
  private static final String[] PARTS = {
    "2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05"
  };

  private static final DateTimeFormatter OUT_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter OUT_MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private TimeText() {}

  /**
   * The canonical form.
   *
   * @throws DateTimeException with Go's message when the text is no time
   */
  static String canonical(String text, boolean micro) {
    Matcher matcher = SHAPE.matcher(text);
    boolean matches = matcher.matches();
    if (!matches || (micro && (matcher.group(7) == null || matcher.group(7).length() != 6))) {
      throw new DateTimeException(mismatch(text, micro));
    }
    return (micro ? OUT_MICROS : OUT_SECONDS).format(instant(matcher, text));
  }

  private static Instant instant(Matcher matcher, String text) {
    String digits = matcher.group(7) == null ? "0" : matcher.group(7);
    int nanos = Integer.parseInt((digits + "000000000").substring(0, 9));
    try {
      return LocalDateTime.of(
              number(matcher, 1),
              number(matcher, 2),
              number(matcher, 3),
              number(matcher, 4),
              number(matcher, 5),
              number(matcher, 6),
              nanos)
          .toInstant(ZoneOffset.of(matcher.group(8)));
    } catch (DateTimeException e) {
      throw new DateTimeException("parsing time " + quote(text) + ": " + outOfRange(matcher), e);
    }
  }

  private static String outOfRange(Matcher matcher) {
    int month = number(matcher, 2);
    if (month < 1 || month > 12) {
      return "month out of range";
    }
    if (number(matcher, 4) > 23) {
      return "hour out of range";
    }
    if (number(matcher, 5) > 59) {
      return "minute out of range";
    }
    return number(matcher, 6) > 59 ? "second out of range" : "day out of range";
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /** Go names the first part of the layout that the text does not fit, and the rest of the text. */
  private static String mismatch(String text, boolean micro) {
    String layout = micro ? MICROS : SECONDS;
    String head = "parsing time " + quote(text) + " as " + quote(layout) + ": cannot parse ";
    int at = 0;
    for (String part : PARTS) {
      if (!fits(text, at, part)) {
        return head + quote(text.substring(at)) + " as " + quote(part);
      }
      at += part.length();
    }
    Matcher fraction = Pattern.compile(micro ? "[.,]\\d{6}" : "([.,]\\d+)?").matcher(text);
    if (!fraction.region(at, text.length()).lookingAt()) {
      return head + quote(text.substring(at)) + " as " + quote(".000000");
    }
    at = fraction.end();
    Matcher zone = Pattern.compile("Z|[+-]\\d\\d:\\d\\d").matcher(text.substring(at));
    return zone.lookingAt()
        ? "parsing time " + quote(text) + ": extra text: " + quote(text.substring(at + zone.end()))
        : head + quote(text.substring(at)) + " as " + quote("Z07:00");
  }

  private static boolean fits(String text, int at, String part) {
    if (at + part.length() > text.length()) {
      return false;
    }
    return Character.isDigit(part.charAt(0))
        ? text.substring(at, at + part.length()).chars().allMatch(c -> c >= '0' && c <= '9')
        : text.startsWith(part, at);
  }

  private static String quote(String text) {
    return Quoted.quote(text);
  }
}
