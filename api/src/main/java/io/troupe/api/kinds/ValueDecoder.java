package io.troupe.api.kinds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Decodes the value at the parser's current token; null stands for absent. */
final class ValueDecoder {
  /** Reads one value in the middle of others. */
  private static final ObjectReader ANY =
      Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String SCHEMA_OR =
      "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOr";

  private final JsonParser parser;
  private final DecodeTrace trace;
  private final LeafDecoder leaves;

  ValueDecoder(JsonParser parser, DecodeTrace trace) {
    this.parser = parser;
    this.trace = trace;
    this.leaves = new LeafDecoder(parser, trace);
  }

  JsonNode value(Schema schema) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return schema.nullable() ? JsonNodeFactory.instance.nullNode() : null;
    }
    return switch (schema.type()) {
      case OBJECT -> is(JsonToken.START_OBJECT, schema) ? object(schema) : null;
      case MAP -> is(JsonToken.START_OBJECT, schema) ? map(schema) : null;
      case LIST -> is(JsonToken.START_ARRAY, schema) ? list(schema.element()) : null;
      case ANY -> ANY.readTree(parser);
      default -> leaves.leaf(schema);
    };
  }

  private boolean is(JsonToken expected, Schema schema) throws IOException {
    if (parser.currentToken() == expected) {
      return true;
    }
    trace.wrongType(LeafDecoder.shown(parser), GoNames.nameOf(schema));
    parser.skipChildren();
    return false;
  }

  private ObjectNode object(Schema schema) throws IOException {
    ObjectNode object = Json.object();
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Schema.Field field = schema.fields().get(name);
      if (field != null) {
        if (!seen.add(name)) {
          trace.duplicate(name);
        }
        field(object, schema, field);
      } else if (schema.preservesUnknownFields()) {
        object.set(name, ANY.readTree(parser));
      } else {
        trace.unknown(name);
        parser.skipChildren();
      }
    }
    Empties.fill(object, schema);
    return object;
  }

  private void field(ObjectNode object, Schema schema, Schema.Field field) throws IOException {
    if (trace.atRoot()) {
      typeField(field.name());
    }
    int length = trace.enterField(schema, field);
    JsonNode value =
        field.schema().definition().startsWith(SCHEMA_OR)
            ? schemaOr(schema, field.schema().definition().substring(SCHEMA_OR.length()))
            : value(field.schema());
    trace.leaveField(field, length);
    boolean dropped =
        value == null
            || (field.presence() == Schema.Presence.OMITTED_WHEN_EMPTY
                && Empties.isEmpty(value, field.schema()));
    if (dropped) {
      object.remove(field.name());
    } else {
      object.set(field.name(), value);
    }
  }

  /** Upstream reads kind and apiVersion before all else, so their faults are of another sort. */
  private void typeField(String name) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      trace.rootText(name, parser.getText());
    } else if (isType(name) && parser.currentToken() != JsonToken.VALUE_NULL) {
      String what = LeafDecoder.shown(parser);
      throw new DecodeTrace.Fault(
          GoSyntax.PREFIX
              + "json: cannot unmarshal %s into Go struct field .%s of type string"
                  .formatted(what, name));
    }
  }

  private static boolean isType(String name) {
    return name.equals("kind") || name.equals("apiVersion");
  }

  /**
   * What a CRD's schema holds where a schema or something else may stand. Upstream reads it apart,
   * so that unknown fields in it are pruned but never reported.
   */
  private JsonNode schemaOr(Schema owner, String other) throws IOException {
    JsonToken token = parser.currentToken();
    boolean schemas = token == JsonToken.START_ARRAY && other.equals("Array");
    if (token != JsonToken.START_OBJECT && !schemas) {
      if (other.equals("Bool") && token != JsonToken.VALUE_NULL && !token.isBoolean()) {
        throw new DecodeTrace.Fault("boolean or JSON schema expected");
      }
      return token == JsonToken.VALUE_NULL ? null : ANY.readTree(parser);
    }
    trace.mute();
    JsonNode read = schemas ? list(owner) : object(owner);
    trace.unmute();
    return read;
  }

  private ObjectNode map(Schema schema) throws IOException {
    ObjectNode map = Json.object();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (map.has(key)) {
        trace.duplicate(key);
      }
      parser.nextToken();
      int length = trace.enterKey(key);
      JsonNode value = value(schema.element());
      trace.leave(length);
      map.set(key, value == null ? Empties.zero(schema.element()) : value);
    }
    return map;
  }

  private ArrayNode list(Schema element) throws IOException {
    ArrayNode list = Json.array();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int length = trace.enterIndex(list.size());
      JsonNode value = value(element);
      trace.leave(length);
      list.add(value == null ? Empties.zero(element) : value);
    }
    return list;
  }
}
