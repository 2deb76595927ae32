package io.troupe.api.object;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reading, writing and walking JSON trees; bounded in depth, length of names and numbers. */
public final class Json {
  /**
   * Deeper bodies are refused, as upstream does from 10,000 levels on; no real object comes near.
   */
  public static final int MAX_DEPTH = 1_000;

  public static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(400)
                          .maxNameLength(1 << 18)
                          .maxStringLength(1 << 25)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /**
   * Parses text that is known to be a JSON object.
   *
   * @throws UncheckedIOException when it is not
   */
  public static ObjectNode parse(byte[] bytes) {
    try {
      return (ObjectNode) MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ObjectNode parse(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The node at a path of field names; a missing node, never null, when a step is absent. */
  public static JsonNode at(JsonNode node, String... path) {
    JsonNode here = node;
    for (String step : path) {
      here = here == null ? null : here.get(step);
    }
    return here == null ? MissingNode.getInstance() : here;
  }

  /** The text at a path, {@code ""} when absent or not text. */
  public static String text(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isTextual() ? found.textValue() : "";
  }

  /** The integer at a path, or the fallback when absent or not a number. */
  public static long number(JsonNode node, long fallback, String... path) {
    JsonNode found = at(node, path);
    return found.isNumber() ? found.longValue() : fallback;
  }

  public static boolean flag(JsonNode node, boolean fallback, String... path) {
    JsonNode found = at(node, path);
    return found.isBoolean() ? found.booleanValue() : fallback;
  }

  /** The elements of the list at a path; empty when absent. */
  public static List<JsonNode> items(JsonNode node, String... path) {
    List<JsonNode> items = new ArrayList<>();
    Iterator<JsonNode> elements = at(node, path).elements();
    while (elements.hasNext()) {
      items.add(elements.next());
    }
    return items;
  }

  /** The object at a path of a tree that the caller is building; created where a step is absent. */
  public static ObjectNode ensure(ObjectNode root, String... path) {
    ObjectNode here = root;
    for (String step : path) {
      here = here.get(step) instanceof ObjectNode next ? next : here.putObject(step);
    }
    return here;
  }
}
