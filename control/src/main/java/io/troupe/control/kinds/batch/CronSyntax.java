package io.troupe.control.kinds.batch;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The syntax of cron schedules: five fields or a descriptor. */
final class CronSyntax {
  private static final Set<String> DESCRIPTORS =
      Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private record Bounds(int min, int max, List<String> names) {}

  private static final List<Bounds> FIELDS =
      List.of(
          new Bounds(0, 59, List.of()),
          new Bounds(0, 23, List.of()),
          new Bounds(1, 31, List.of()),
          new Bounds(1, 12, MONTHS),
          new Bounds(0, 7, DAYS));

  private CronSyntax() {}

  static List<String> problems(String schedule) {
    if (schedule.startsWith("@")) {
      return DESCRIPTORS.contains(schedule) || schedule.matches("@every ([0-9.]+(h|m|s|ms|us|ns))+")
          ? List.of()
          : List.of("unrecognized descriptor: " + schedule);
    }
    String[] fields = schedule.strip().split("\\s+");
    if (fields.length != FIELDS.size()) {
      return List.of(
          "expected exactly 5 fields, found "
              + fields.length
              + ": ["
              + String.join(" ", fields)
              + "]");
    }
    for (int i = 0; i < fields.length; i++) {
      for (String part : fields[i].split(",", -1)) {
        String wrong = range(part, FIELDS.get(i));
        if (!wrong.isEmpty()) {
          return List.of(wrong);
        }
      }
    }
    return List.of();
  }

  private static String range(String part, Bounds bounds) {
    String[] stepped = part.split("/", -1);
    if (stepped.length > 2) {
      return "too many slashes: " + part;
    }
    if (stepped.length == 2 && (number(stepped[1], new Bounds(0, 0, List.of())) <= 0)) {
      return "step of range should be a positive number: " + part;
    }
    String[] ends = stepped[0].split("-", -1);
    if (ends.length > 2) {
      return "too many hyphens: " + part;
    }
    if (ends[0].equals("*") || ends[0].equals("?")) {
      return "";
    }
    int low = number(ends[0], bounds);
    int high = ends.length == 2 ? number(ends[1], bounds) : low;
    if (low < 0 || high < 0) {
      return "failed to parse int from " + (low < 0 ? ends[0] : ends[1]);
    }
    if (low < bounds.min()) {
      return "beginning of range (" + low + ") below minimum (" + bounds.min() + "): " + part;
    }
    if (high > bounds.max()) {
      return "end of range (" + high + ") above maximum (" + bounds.max() + "): " + part;
    }
    return low > high
        ? "beginning of range (" + low + ") beyond end of range (" + high + "): " + part
        : "";
  }

  /** The number or name's number, -1 when it is none. */
  private static int number(String text, Bounds bounds) {
    int named = bounds.names().indexOf(text.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named + bounds.min();
    }
    boolean digits =
        !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Integer.parseInt(text) : -1;
  }
}
