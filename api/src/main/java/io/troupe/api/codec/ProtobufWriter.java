package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.codec.MessageLayout.Slot;
import io.troupe.api.object.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** Writes JSON trees as messages; fields that the schema does not know are left out. */
final class ProtobufWriter {
  private final Layouts layouts;
  private final BackwardBuffer out = new BackwardBuffer();

  ProtobufWriter(Layouts layouts) {
    this.layouts = layouts;
  }

  BackwardBuffer buffer() {
    return out;
  }

  void message(JsonNode object, MessageLayout layout) {
    layout.embedded().forEach((number, inner) -> embedded(object, number, inner));
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      Slot slot = layout.named(field.getKey());
      if (slot != null && !field.getValue().isNull()) {
        field(slot.number(), field.getValue(), slot.type());
      }
    }
  }

  private void embedded(JsonNode object, int number, MessageLayout inner) {
    int before = out.length();
    message(object, inner);
    if (out.length() > before) {
      out.close(number, before);
    }
  }

  private void field(int number, JsonNode value, WireType type) {
    switch (type.kind()) {
      case REPEATED -> {
        for (int i = value.size() - 1; i >= 0; i--) {
          value(number, value.get(i), type.element());
        }
      }
      case MAP -> {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
          int before = out.length();
          value(2, entry.getValue(), type.element());
          out.text(1, entry.getKey());
          out.close(number, before);
        }
      }
      default -> value(number, value, type);
    }
  }

  private void value(int number, JsonNode value, WireType type) {
    switch (type.kind()) {
      case STRING -> out.text(number, value.asText(""));
      case BYTES -> out.bytes(number, Base64.getMimeDecoder().decode(value.asText("")));
      case BOOL -> out.integer(number, value.asBoolean() ? 1 : 0);
      case INT32, INT64 -> out.integer(number, value.asLong());
      case DOUBLE -> out.fixed64(number, Double.doubleToRawLongBits(value.asDouble()));
      default -> {
        int before = out.length();
        if (!value.isNull()) {
          inner(value, type);
        }
        out.close(number, before);
      }
    }
  }

  private void inner(JsonNode value, WireType type) {
    switch (type.kind()) {
      case MESSAGE -> message(value, layouts.of(type.message()));
      case TIME -> timestamp(value, false);
      case MICRO_TIME -> timestamp(value, true);
      case QUANTITY -> out.text(1, value.asText());
      case INT_OR_STRING -> intOrString(value);
      case RAW -> out.bytes(1, Json.bytes(value));
      case WRAPPED_LIST -> {
        for (int i = value.size() - 1; i >= 0; i--) {
          value(1, value.get(i), type.element());
        }
      }
      case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> schemaOr(value, type);
      default -> throw new IllegalStateException("no message: " + type.kind());
    }
  }

  private void timestamp(JsonNode value, boolean micros) {
    Instant time = Times.parse(value.asText());
    out.integer(2, micros ? time.getNano() / 1_000 * 1_000L : 0);
    out.integer(1, time.getEpochSecond());
  }

  private void intOrString(JsonNode value) {
    boolean text = value.isTextual();
    out.text(3, text ? value.textValue() : "");
    out.integer(2, text ? 0 : value.asInt());
    out.integer(1, text ? 1 : 0);
  }

  private void schemaOr(JsonNode value, WireType type) {
    SchemaOr numbers = SchemaOr.of(type.kind());
    WireType props = new WireType(WireType.Kind.MESSAGE, null, type.message());
    if (value instanceof ObjectNode) {
      value(numbers.schema(), value, props);
    }
    if (type.kind() == WireType.Kind.SCHEMA_OR_BOOL) {
      out.integer(numbers.other(), value.isObject() || value.asBoolean() ? 1 : 0);
    } else if (value.isArray()) {
      boolean schemas = type.kind() == WireType.Kind.SCHEMA_OR_ARRAY;
      for (int i = value.size() - 1; i >= 0; i--) {
        if (schemas) {
          value(numbers.other(), value.get(i), props);
        } else {
          out.text(numbers.other(), value.get(i).asText());
        }
      }
    }
  }
}
