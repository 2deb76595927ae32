package io.troupe.control.kinds.field;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Refusal.Cause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Field errors of one object while it is being checked, with the reasons and sentences of
 * apimachinery's {@code field.Error}. Not thread-safe; lives as long as one check.
 */
public final class Errors {
  private final List<Cause> causes = new ArrayList<>(0);

  public boolean isEmpty() {
    return causes.isEmpty();
  }

  public int count() {
    return causes.size();
  }

  public List<Cause> causes() {
    return causes;
  }

  /** The refusal of the whole object, 422. */
  public Refusal refusal(String group, String kind, String name) {
    return Refusal.invalid(group, kind, name, causes.stream().distinct().toList());
  }

  public void required(FieldPath path, String detail) {
    add("FieldValueRequired", path, "Required value", detail);
  }

  public void invalid(FieldPath path, Object value, String detail) {
    add("FieldValueInvalid", path, "Invalid value: " + shown(value), detail);
  }

  /** One error per message; the checks of {@link Names} return messages. */
  public void invalid(FieldPath path, Object value, List<String> details) {
    for (String detail : details) {
      invalid(path, value, detail);
    }
  }

  public void typeInvalid(FieldPath path, Object value, String detail) {
    add("FieldValueTypeInvalid", path, "Invalid value: " + shown(value), detail);
  }

  public void notSupported(FieldPath path, Object value, Collection<String> supported) {
    List<String> quoted = supported.stream().map(Errors::quote).toList();
    String detail = quoted.isEmpty() ? "" : "supported values: " + String.join(", ", quoted);
    add("FieldValueNotSupported", path, "Unsupported value: " + shown(value), detail);
  }

  public void forbidden(FieldPath path, String detail) {
    add("FieldValueForbidden", path, "Forbidden", detail);
  }

  public void duplicate(FieldPath path, Object value) {
    add("FieldValueDuplicate", path, "Duplicate value: " + shown(value), "");
  }

  public void notFound(FieldPath path, Object value) {
    add("FieldValueNotFound", path, "Not found: " + shown(value), "");
  }

  /** Too long, counted in bytes. */
  public void tooLong(FieldPath path, int maxBytes) {
    String unit = maxBytes == 1 ? " byte" : " bytes";
    add("FieldValueTooLong", path, "Too long", "may not be more than " + maxBytes + unit);
  }

  public void tooMany(FieldPath path, int actual, int max) {
    String unit = max == 1 ? " item" : " items";
    add("FieldValueTooMany", path, "Too many: " + actual, "must have at most " + max + unit);
  }

  public void tooFew(FieldPath path, int actual, int min) {
    String unit = min == 1 ? " item" : " items";
    add("FieldValueTooFew", path, "Too few: " + actual, "must have at least " + min + unit);
  }

  private void add(String reason, FieldPath path, String body, String detail) {
    String message = detail.isEmpty() ? body : body + ": " + detail;
    causes.add(new Cause(reason, message, path.toString()));
  }

  private static String shown(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> quote(text);
      case Number number -> number.toString();
      case Boolean flag -> flag.toString();
      case JsonNode node when node.isTextual() -> quote(node.textValue());
      case JsonNode node when node.isMissingNode() -> "null";
      case JsonNode node -> new String(Json.bytes(node), StandardCharsets.UTF_8);
      case Collection<?> list ->
          new String(Json.bytes(Json.MAPPER.valueToTree(list)), StandardCharsets.UTF_8);
      default -> quote(value.toString());
    };
  }

  /** Go's {@code %q} for the texts that occur in API objects. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            quoted.append("\\x").append(Character.forDigit(c >> 4, 16));
            quoted.append(Character.forDigit(c & 15, 16));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
