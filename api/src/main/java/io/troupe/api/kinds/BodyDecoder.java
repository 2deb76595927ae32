package io.troupe.api.kinds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads a JSON object against a schema in one pass: unknown fields are pruned and reported,
 * duplicates reported, nulls dropped, values checked for their type and brought into the form that
 * upstream would give back (quantities, times, base64; empty values that mean nothing left out,
 * structs that are always written filled in). Pure; the messages are those of upstream's decoder
 * (sigs.k8s.io/json).
 */
public final class BodyDecoder {
  private static final String TYPE_META =
      " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
          + "Kind string \"json:\\\"kind,omitempty\\\"\" }";

  private BodyDecoder() {}

  /** Decodes the bytes of a body. */
  public static Decoded decode(byte[] json, Schema schema) {
    DecodeTrace trace = new DecodeTrace();
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      Decoded decoded = decode(parser, schema, trace);
      if (parser.currentToken() != null && parser.nextToken() != null) {
        throw new TrailingContent(parser);
      }
      return decoded;
    } catch (JsonProcessingException e) {
      return trace.faulty(GoSyntax.message(json));
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory", e);
    }
  }

  /** Decodes a tree, for example the result of a patch; the tree is not changed. */
  public static Decoded decode(ObjectNode tree, Schema schema) {
    try (JsonParser parser = tree.traverse(Json.MAPPER)) {
      return decode(parser, schema, new DecodeTrace());
    } catch (IOException e) {
      throw new UncheckedIOException("a tree in memory", e);
    }
  }

  private static Decoded decode(JsonParser parser, Schema schema, DecodeTrace trace)
      throws IOException {
    if (parser.nextToken() == null) {
      return trace.faulty(GoSyntax.PREFIX + "unexpected end of JSON input");
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return trace.decoded(Json.object());
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      String what = LeafDecoder.shown(parser);
      parser.skipChildren();
      return trace.faulty(GoSyntax.PREFIX + "json: cannot unmarshal " + what + TYPE_META);
    }
    try {
      JsonNode value = new ValueDecoder(parser, trace).value(schema);
      return trace.fault().isEmpty()
          ? trace.decoded((ObjectNode) value)
          : trace.faulty(trace.fault());
    } catch (DecodeTrace.Fault fault) {
      drain(parser, trace);
      return trace.faulty(fault.getMessage());
    }
  }

  /** A syntax error anywhere is told before any wrong type, and the kind may come last. */
  private static void drain(JsonParser parser, DecodeTrace trace) throws IOException {
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      JsonStreamContext within = parser.getParsingContext();
      if (token == JsonToken.VALUE_STRING && within.inObject() && within.getParent().inRoot()) {
        trace.rootText(within.getCurrentName(), parser.getText());
      }
    }
  }

  private static final class TrailingContent extends JsonProcessingException {
    private static final long serialVersionUID = 1L;

    TrailingContent(JsonParser parser) {
      super("trailing content", parser.currentLocation());
    }
  }
}
