package io.troupe.api.selector;

import io.troupe.api.object.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One condition of a label selector.
 *
 * @param values sorted where they come from a selector's text
 */
public record LabelRequirement(String key, Operator operator, List<String> values) {

  /** How the label and the values relate; the word is the one of the string form. */
  public enum Operator {
    EQUALS("="),
    DOUBLE_EQUALS("=="),
    NOT_EQUALS("!="),
    IN("in"),
    NOT_IN("notin"),
    EXISTS("exists"),
    DOES_NOT_EXIST("!"),
    GREATER_THAN("gt"),
    LESS_THAN("lt");

    private final String word;

    Operator(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public LabelRequirement {
    values = List.copyOf(values);
  }

  /**
   * Whether an object whose label with this key has the value meets the condition.
   *
   * @param value null when there is no such label
   */
  public boolean matches(String value) {
    return switch (operator) {
      case EQUALS, DOUBLE_EQUALS, IN -> value != null && values.contains(value);
      case NOT_EQUALS, NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case GREATER_THAN, LESS_THAN -> value != null && compares(value);
    };
  }

  private boolean compares(String value) {
    OptionalLong left = integer(value);
    OptionalLong right = values.size() == 1 ? integer(values.getFirst()) : OptionalLong.empty();
    if (left.isEmpty() || right.isEmpty()) {
      return false;
    }
    return operator == Operator.GREATER_THAN
        ? left.getAsLong() > right.getAsLong()
        : left.getAsLong() < right.getAsLong();
  }

  /** What is wrong with the requirement, in upstream's words; empty when nothing is. */
  Optional<String> problem() {
    List<String> problems = new ArrayList<>(0);
    invalid(problems, "key", Quoted.quote(key), LabelSyntax.keyProblems(key));
    countProblems(problems);
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      String path = "values[" + i + "][" + key + "]";
      invalid(problems, path, Quoted.quote(value), LabelSyntax.valueProblems(value));
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(aggregate(problems));
  }

  private void countProblems(List<String> problems) {
    switch (operator) {
      case IN, NOT_IN -> {
        if (values.isEmpty()) {
          wrongCount(problems, "for 'in', 'notin' operators, values set can't be empty");
        }
      }
      case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> {
        if (values.size() != 1) {
          wrongCount(problems, "exact-match compatibility requires one single value");
        }
      }
      case EXISTS, DOES_NOT_EXIST -> {
        if (!values.isEmpty()) {
          wrongCount(problems, "values set must be empty for exists and does not exist");
        }
      }
      case GREATER_THAN, LESS_THAN -> comparisonProblems(problems);
    }
  }

  private void comparisonProblems(List<String> problems) {
    if (values.size() != 1) {
      wrongCount(problems, "for 'Gt', 'Lt' operators, exactly one value is required");
    }
    for (int i = 0; i < values.size(); i++) {
      if (integer(values.get(i)).isEmpty()) {
        List<String> why = List.of("for 'Gt', 'Lt' operators, the value must be an integer");
        invalid(problems, "values[" + i + "]", Quoted.quote(values.get(i)), why);
      }
    }
  }

  private void wrongCount(List<String> problems, String why) {
    StringBuilder list = new StringBuilder("[");
    for (String value : values) {
      list.append(list.length() > 1 ? "," : "").append(Quoted.quote(value));
    }
    invalid(problems, "values", list.append(']').toString(), List.of(why));
  }

  private static void invalid(List<String> to, String path, String value, List<String> why) {
    if (!why.isEmpty()) {
      to.add(path + ": Invalid value: " + value + ": " + String.join("; ", why));
    }
  }

  private static String aggregate(List<String> problems) {
    return problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
  }

  private static OptionalLong integer(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public String toString() {
    String list = String.join(",", values.stream().sorted().toList());
    return switch (operator) {
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case IN, NOT_IN -> key + " " + operator.word() + " (" + list + ")";
      case GREATER_THAN -> key + ">" + list;
      case LESS_THAN -> key + "<" + list;
      case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> key + operator.word() + list;
    };
  }
}
