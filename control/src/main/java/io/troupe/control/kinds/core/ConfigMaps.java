package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;
import java.util.Map;

/** ConfigMap. */
final class ConfigMaps {
  /** One mebibyte of values. */
  static final int MAX_BYTES = 1024 * 1024;

  private ConfigMaps() {}

  static Strategy strategy() {
    return Strategy.of("", "ConfigMap")
        .validate(ConfigMaps::validate)
        .alsoOnUpdate((m, old, e) -> immutable(m, old, List.of("data", "binaryData"), e))
        .columns(
            Columns.of("Name", "Data", "Age")
                .row(
                    (m, now, row) -> {
                      row.add((long) m.path("data").size() + m.path("binaryData").size());
                      row.add(Columns.age(m, now));
                    }))
        .build();
  }

  private static void validate(ObjectNode map, Errors errors) {
    long bytes = 0;
    for (Map.Entry<String, JsonNode> entry : map.path("data").properties()) {
      String key = entry.getKey();
      FieldPath path = FieldPath.of("data").key(key);
      errors.invalid(path, key, Names.configKey(key));
      if (map.path("binaryData").has(key)) {
        errors.invalid(path, key, "duplicate of key present in binaryData");
      }
      bytes += entry.getValue().asText().length();
    }
    for (Map.Entry<String, JsonNode> entry : map.path("binaryData").properties()) {
      errors.invalid(
          FieldPath.of("binaryData").key(entry.getKey()),
          entry.getKey(),
          Names.configKey(entry.getKey()));
      bytes += decodedLength(entry.getValue().asText());
    }
    if (bytes > MAX_BYTES) {
      errors.tooLong(FieldPath.of(""), MAX_BYTES);
    }
  }

  static long decodedLength(String base64) {
    return base64.length() / 4L * 3;
  }

  /** An object that says it is immutable stays as it is (KEP-1412). */
  static void immutable(ObjectNode object, ObjectNode old, List<String> fields, Errors errors) {
    if (!Json.flag(old, false, "immutable")) {
      return;
    }
    String why = "field is immutable when `immutable` is set";
    if (!Json.flag(object, false, "immutable")) {
      errors.forbidden(FieldPath.of("immutable"), why);
    }
    for (String field : fields) {
      if (!Same.equal(object, old, field)) {
        errors.forbidden(FieldPath.of(field), why);
      }
    }
  }
}
