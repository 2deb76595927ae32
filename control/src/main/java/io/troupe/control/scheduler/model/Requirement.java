package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One condition on labels. */
public record Requirement(String key, Operator operator, Set<String> values) {

  /** Operators of label selectors and node selectors. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GREATER,
    LESS,
    /** An operator that is none: nothing satisfies it. */
    INVALID
  }

  public static Requirement equalTo(String key, String value) {
    return new Requirement(key, Operator.IN, Set.of(value));
  }

  static Requirement of(JsonNode expression) {
    Operator operator =
        switch (Json.text(expression, "operator")) {
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          case "Exists" -> Operator.EXISTS;
          case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
          case "Gt" -> Operator.GREATER;
          case "Lt" -> Operator.LESS;
          default -> Operator.INVALID;
        };
    List<String> values =
        Json.items(expression, "values").stream().map(JsonNode::asText).distinct().toList();
    return new Requirement(Json.text(expression, "key"), operator, Set.copyOf(values));
  }

  public boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case IN -> value != null && values.contains(value);
      case NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case GREATER -> value != null && compare(value) > 0;
      case LESS -> value != null && compare(value) < 0;
      case INVALID -> false;
    };
  }

  /** The label's number against the bound; 0, which satisfies neither, when one is no number. */
  private int compare(String value) {
    try {
      long bound = Long.parseLong(values.iterator().next());
      return Long.compare(Long.parseLong(value), bound);
    } catch (NumberFormatException | java.util.NoSuchElementException notNumbers) {
      return 0;
    }
  }
}
