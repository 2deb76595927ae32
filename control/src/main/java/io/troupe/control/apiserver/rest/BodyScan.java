package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Name and namespace of a body, read without parsing the rest. What is wrong with a body is said by
 * who decodes it, so a body that cannot be read simply has no name.
 *
 * @param metadataStart byte offset after the brace that opens metadata, -1 when there is none
 */
record BodyScan(String name, String namespace, String generateName, int metadataStart) {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_CHARS = 5;
  private static final int BASE_CHARS_MAX = 58;
  private static final BodyScan NOTHING = new BodyScan("", "", "", -1);

  static BodyScan of(byte[] json) {
    try (JsonParser parser = Json.MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return NOTHING;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isMetadata = parser.currentName().equals("metadata");
        if (parser.nextToken() == JsonToken.START_OBJECT && isMetadata) {
          return metadata(parser);
        }
        parser.skipChildren();
      }
      return NOTHING;
    } catch (IOException e) {
      return NOTHING;
    }
  }

  private static BodyScan metadata(JsonParser parser) throws IOException {
    int start = (int) parser.currentLocation().getByteOffset();
    String name = "";
    String namespace = "";
    String generateName = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        parser.skipChildren();
        continue;
      }
      switch (field) {
        case "name" -> name = parser.getText();
        case "namespace" -> namespace = parser.getText();
        case "generateName" -> generateName = parser.getText();
        default -> {}
      }
    }
    return new BodyScan(name, namespace, generateName, start);
  }

  /** Whether the server has to find a name. */
  boolean isUnnamed() {
    return name.isEmpty() && !generateName.isEmpty();
  }

  /** generateName and five random characters (apiserver/pkg/storage/names). */
  String newName() {
    int keep = Math.min(generateName.length(), BASE_CHARS_MAX);
    StringBuilder made = new StringBuilder(generateName.substring(0, keep));
    for (int i = 0; i < SUFFIX_CHARS; i++) {
      made.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
    }
    return made.toString();
  }

  /**
   * The body with a name put in front of what metadata has. An empty name that follows would win,
   * so such a body must be written anew.
   */
  byte[] named(byte[] json, String newName) {
    byte[] field =
        ("\"name\":" + Json.MAPPER.getNodeFactory().textNode(newName) + ",")
            .getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[json.length + field.length];
    System.arraycopy(json, 0, out, 0, metadataStart);
    System.arraycopy(field, 0, out, metadataStart, field.length);
    System.arraycopy(
        json, metadataStart, out, metadataStart + field.length, json.length - metadataStart);
    return out;
  }
}
