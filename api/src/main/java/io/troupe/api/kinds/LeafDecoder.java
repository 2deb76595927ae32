package io.troupe.api.kinds;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.troupe.api.quantity.Quantity;
import java.io.IOException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.util.Base64;

/** Decodes strings, numbers and booleans, and brings them into canonical form. */
final class LeafDecoder {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private final DecodeTrace trace;

  LeafDecoder(JsonParser parser, DecodeTrace trace) {
    this.parser = parser;
    this.trace = trace;
  }

  /** How upstream names what stands at the current token. */
  static String shown(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_TRUE, VALUE_FALSE -> "bool";
      default -> "number";
    };
  }

  JsonNode leaf(Schema schema) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (schema.type()) {
      case BOOLEAN ->
          token.isBoolean() ? NODES.booleanNode(parser.getBooleanValue()) : wrong(schema);
      case INTEGER -> integer(schema);
      case NUMBER -> token.isNumeric() ? NODES.numberNode(parser.getDecimalValue()) : wrong(schema);
      case INT_OR_STRING -> intOrString();
      case QUANTITY -> quantity();
      default -> string(schema);
    };
  }

  private JsonNode wrong(Schema schema) throws IOException {
    trace.wrongType(shown(parser), GoNames.nameOf(schema));
    parser.skipChildren();
    return null;
  }

  private JsonNode integer(Schema schema) throws IOException {
    if (!parser.currentToken().isNumeric()) {
      return wrong(schema);
    }
    int bits = schema.format().equals("int32") ? 31 : 63;
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      BigInteger number = parser.getBigIntegerValue();
      if (number.bitLength() <= bits) {
        return bits == 31
            ? NODES.numberNode(number.intValue())
            : NODES.numberNode(number.longValue());
      }
    }
    trace.wrongType("number " + parser.getText(), GoNames.nameOf(schema));
    return null;
  }

  /** {@code IntOrString} has a reader of its own upstream, so its faults are final. */
  private JsonNode intOrString() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return NODES.textNode(parser.getText());
    }
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getBigIntegerValue().bitLength() <= 31) {
      return NODES.numberNode(parser.getIntValue());
    }
    boolean number = parser.currentToken().isNumeric();
    String value = number ? "number " + parser.getText() : shown(parser);
    throw new DecodeTrace.Fault(trace.wrongTypeMessage(value, "int32"));
  }

  private JsonNode quantity() throws IOException {
    // Upstream reads whatever stands there as text, so an object fails as a malformed quantity.
    boolean scalar = parser.currentToken().isScalarValue();
    try {
      return NODES.textNode(Quantity.parse(scalar ? parser.getText().strip() : "{").toString());
    } catch (IllegalArgumentException e) {
      throw new DecodeTrace.Fault(e.getMessage());
    }
  }

  private JsonNode string(Schema schema) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      if (schema.format().endsWith("-time")) {
        throw new DecodeTrace.Fault(trace.wrongTypeMessage(shown(parser), "string"));
      }
      return wrong(schema);
    }
    String text = parser.getText();
    return switch (schema.format()) {
      case "byte" -> bytes(text);
      case "date-time", "micro-time" -> time(text, schema.format().equals("micro-time"));
      default -> NODES.textNode(text);
    };
  }

  private JsonNode time(String text, boolean micro) {
    try {
      return NODES.textNode(TimeText.canonical(text, micro));
    } catch (DateTimeException e) {
      throw new DecodeTrace.Fault(e.getMessage());
    }
  }

  private JsonNode bytes(String text) {
    String plain =
        text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : text.replaceAll("[\r\n]", "");
    int bad = Base64Check.firstBad(plain);
    if (bad >= 0) {
      trace.note("illegal base64 data at input byte " + bad);
      return null;
    }
    // Decoding and encoding again clears stray bits after the padding.
    return NODES.textNode(Base64.getEncoder().encodeToString(Base64.getDecoder().decode(plain)));
  }
}
