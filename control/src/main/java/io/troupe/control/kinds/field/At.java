package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A place in an object that is being checked: the node there (missing when absent), its path, and
 * where errors go. Rules read as sentences over it.
 */
public record At(JsonNode node, FieldPath path, Errors errors) {

  /** {@code spec} of the object. */
  public static At spec(ObjectNode object, Errors errors) {
    return new At(object.path("spec"), FieldPath.SPEC, errors);
  }

  public static At status(ObjectNode object, Errors errors) {
    return new At(object.path("status"), FieldPath.STATUS, errors);
  }

  /** A top-level field of the object. */
  public static At top(ObjectNode object, String field, Errors errors) {
    return new At(object.path(field), FieldPath.of(field), errors);
  }

  /** The object itself; its fields have paths of one step. */
  public static At root(ObjectNode object, Errors errors) {
    return new At(object, FieldPath.ROOT, errors);
  }

  public At child(String field) {
    return new At(node.path(field), at(field), errors);
  }

  public FieldPath at(String field) {
    return path == FieldPath.ROOT ? FieldPath.of(field) : path.child(field);
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** Whether the field is absent, null or empty. */
  public boolean lacks(String field) {
    return Same.isEmpty(node.get(field));
  }

  public String text(String field) {
    return Json.text(node, field);
  }

  public String text() {
    return node.isTextual() ? node.textValue() : "";
  }

  public long number(String field, long fallback) {
    return Json.number(node, fallback, field);
  }

  public boolean flag(String field) {
    return Json.flag(node, false, field);
  }

  public void each(String field, Consumer<At> check) {
    JsonNode list = node.path(field);
    if (list.isArray() && !list.isEmpty()) {
      FieldPath at = at(field);
      for (int i = 0; i < list.size(); i++) {
        check.accept(new At(list.get(i), at.index(i), errors));
      }
    }
  }

  public void ifPresent(String field, Consumer<At> check) {
    if (has(field)) {
      check.accept(child(field));
    }
  }

  /** Requires the field to be neither absent nor empty; says whether it is there. */
  public boolean required(String field, String detail) {
    if (lacks(field)) {
      errors.required(at(field), detail);
      return false;
    }
    return true;
  }

  public boolean required(String field) {
    return required(field, "");
  }

  /** The field, when it is there, must be one of the values; they are listed as given. */
  public void oneOf(String field, Collection<String> supported) {
    if (has(field) && !supported.contains(text(field))) {
      errors.notSupported(at(field), node.get(field), supported);
    }
  }

  public void requiredOneOf(String field, Collection<String> supported) {
    if (required(field)) {
      oneOf(field, supported);
    }
  }

  /** The text, when it is not empty, must satisfy the rule. */
  public void follows(String field, Function<String, List<String>> rule) {
    String text = text(field);
    if (!text.isEmpty()) {
      errors.invalid(at(field), text, rule.apply(text));
    }
  }

  public void requiredFollows(String field, Function<String, List<String>> rule) {
    if (required(field)) {
      follows(field, rule);
    }
  }

  /** This place's own text must satisfy the rule. */
  public void follows(Function<String, List<String>> rule) {
    errors.invalid(path, text(), rule.apply(text()));
  }

  public void nonNegative(String field) {
    if (number(field, 0) < 0) {
      invalid(field, "must be greater than or equal to 0");
    }
  }

  public void positive(String field) {
    if (number(field, 0) <= 0) {
      errors.invalid(at(field), number(field, 0), "must be greater than 0");
    }
  }

  public void inRange(String field, long low, long high) {
    if (has(field)) {
      errors.invalid(at(field), node.get(field), Names.inRange(number(field, 0), low, high));
    }
  }

  public void invalid(String field, String detail) {
    errors.invalid(at(field), node.path(field), detail);
  }

  public void invalid(String detail) {
    errors.invalid(path, node, detail);
  }

  public void forbidden(String field, String detail) {
    errors.forbidden(at(field), detail);
  }

  /** Forbids the field when it has a value. */
  public void mayNot(String field, String detail) {
    if (!lacks(field)) {
      errors.forbidden(at(field), detail);
    }
  }

  /** The field must be as it was. */
  public void immutable(String field, JsonNode old) {
    if (!Same.equal(node.get(field), old.get(field))) {
      invalid(field, "field is immutable");
    }
  }

  /** No two items may have the same text at the field. */
  public void unique(String list, String field) {
    List<String> seen = new ArrayList<>();
    each(
        list,
        item -> {
          String text = item.text(field);
          if (!text.isEmpty() && seen.contains(text)) {
            errors.duplicate(item.at(field), text);
          }
          seen.add(text);
        });
  }
}
