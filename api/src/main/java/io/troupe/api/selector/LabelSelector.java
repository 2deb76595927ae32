package io.troupe.api.selector;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Quoted;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.selector.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A predicate over labels: all requirements hold, or it matches nothing at all. */
public final class LabelSelector {
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of(), false);
  public static final LabelSelector NOTHING = new LabelSelector(List.of(), true);

  private final List<LabelRequirement> requirements;
  private final boolean nothing;

  private LabelSelector(List<LabelRequirement> requirements, boolean nothing) {
    this.requirements = requirements;
    this.nothing = nothing;
  }

  /**
   * Reads the string form; the empty string matches everything.
   *
   * @throws RefusedException 400 with upstream's message
   */
  public static LabelSelector parse(String text) {
    return text.isEmpty() ? EVERYTHING : sorted(new LabelParser(text).parse());
  }

  /**
   * Reads a {@code metav1.LabelSelector}; absent or null matches nothing, empty everything.
   *
   * @throws RefusedException 400 with upstream's message
   */
  public static LabelSelector of(JsonNode selector) {
    if (selector == null || selector.isNull() || selector.isMissingNode()) {
      return NOTHING;
    }
    List<LabelRequirement> requirements = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label : Json.at(selector, "matchLabels").properties()) {
      requirements.add(
          new LabelRequirement(
              label.getKey(), Operator.EQUALS, List.of(label.getValue().asText())));
    }
    for (JsonNode expression : Json.items(selector, "matchExpressions")) {
      requirements.add(requirement(expression));
    }
    requirements.forEach(r -> r.problem().ifPresent(LabelSelector::refuse));
    return sorted(requirements);
  }

  /** Labels that must all be there with these values, as a Service's or a RC's selector. */
  public static LabelSelector ofLabels(JsonNode labels) {
    List<LabelRequirement> requirements = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      requirements.add(
          new LabelRequirement(
              label.getKey(), Operator.EQUALS, List.of(label.getValue().asText())));
    }
    return sorted(requirements);
  }

  private static LabelRequirement requirement(JsonNode expression) {
    String word = Json.text(expression, "operator");
    Operator operator =
        switch (word) {
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          case "Exists" -> Operator.EXISTS;
          case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
          default -> throw refused(Quoted.quote(word) + " is not a valid label selector operator");
        };
    List<String> values = Json.items(expression, "values").stream().map(JsonNode::asText).toList();
    return new LabelRequirement(Json.text(expression, "key"), operator, values);
  }

  private static LabelSelector sorted(List<LabelRequirement> requirements) {
    return new LabelSelector(
        requirements.stream().sorted(Comparator.comparing(LabelRequirement::key)).toList(), false);
  }

  private static void refuse(String problem) {
    throw refused(problem);
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }

  public boolean matches(Map<String, String> labels) {
    if (nothing) {
      return false;
    }
    for (LabelRequirement requirement : requirements) {
      if (!requirement.matches(labels.get(requirement.key()))) {
        return false;
      }
    }
    return true;
  }

  /** Matches the labels of an object's metadata, without copying them. */
  public boolean matchesObject(JsonNode object) {
    if (nothing) {
      return false;
    }
    JsonNode labels = Json.at(object, "metadata", "labels");
    for (LabelRequirement requirement : requirements) {
      JsonNode value = labels.get(requirement.key());
      if (!requirement.matches(value == null || value.isNull() ? null : value.asText())) {
        return false;
      }
    }
    return true;
  }

  /** Whether it restricts nothing. */
  public boolean isEverything() {
    return !nothing && requirements.isEmpty();
  }

  public boolean isNothing() {
    return nothing;
  }

  /** Sorted by key; empty for everything and for nothing. */
  public List<LabelRequirement> requirements() {
    return requirements;
  }

  /** The one value that a label must have to match, for indexes. */
  public Optional<String> exactValue(String key) {
    return requirements.stream()
        .filter(r -> r.key().equals(key) && r.values().size() == 1)
        .filter(
            r ->
                r.operator() == Operator.EQUALS
                    || r.operator() == Operator.DOUBLE_EQUALS
                    || r.operator() == Operator.IN)
        .map(r -> r.values().getFirst())
        .findFirst();
  }

  /** The string form, which {@link #parse} reads back. */
  @Override
  public String toString() {
    return String.join(",", requirements.stream().map(LabelRequirement::toString).toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelSelector that
        && nothing == that.nothing
        && requirements.equals(that.requirements);
  }

  @Override
  public int hashCode() {
    return requirements.hashCode();
  }
}
