package io.troupe.control.controllers.objects;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** API times: {@code metav1.Time} has whole seconds, {@code MicroTime} six digits. */
public final class Times {
  private Times() {}

  public static String format(Instant time) {
    return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** The time at a path; empty when absent or unreadable. */
  public static Optional<Instant> at(JsonNode node, String... path) {
    return parse(Json.text(node, path));
  }

  public static Optional<Instant> parse(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  public static Optional<Instant> created(JsonNode object) {
    return at(object, "metadata", "creationTimestamp");
  }

  /** The shorter of two delays of which either may be null for never. */
  public static Duration sooner(Duration one, Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) <= 0 ? one : other;
  }
}
