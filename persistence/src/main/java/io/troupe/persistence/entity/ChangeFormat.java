package io.troupe.persistence.entity;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The journal's JSON: {@code {"verb":…,"user":…,"time":…,"object":{"apiVersion":…,"kind":…,
 * "metadata":{…},…}}}.
 *
 * <p>The object comes last and begins with apiVersion, kind and metadata, so that what the API
 * serves (the object with its resourceVersion, known only after the commit) is made by copying
 * bytes.
 */
public final class ChangeFormat {
  // Quotes inside of strings are escaped, so these bytes are found only where they mean themselves.
  private static final byte[] OBJECT_MARK = ",\"object\":{".getBytes(StandardCharsets.UTF_8);
  private static final byte[] METADATA_MARK = "\"metadata\":{".getBytes(StandardCharsets.UTF_8);
  private static final String RESOURCE_VERSION = "resourceVersion";

  private ChangeFormat() {}

  /** The event of a change. */
  static byte[] event(Request request, ObjectNode object) {
    try (var out = new ByteArrayBuilder(2048);
        JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      json.writeStartObject();
      writeFact(json, request);
      json.writeFieldName("object");
      writeObject(json, object);
      json.writeEndObject();
      json.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object's JSON without a resourceVersion, as a dry run of a creation answers. */
  static byte[] plain(ObjectNode object) {
    try (var out = new ByteArrayBuilder(2048);
        JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      writeObject(json, object);
      json.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeFact(JsonGenerator json, Request request) throws IOException {
    json.writeStringField("verb", request.verb());
    if (!request.subresource().isEmpty()) {
      json.writeStringField("subresource", request.subresource());
    }
    json.writeStringField("user", request.user().name());
    writeTexts(json, "groups", request.user().groups());
    if (!request.user().impersonator().isEmpty()) {
      json.writeStringField("impersonator", request.user().impersonator());
    }
    json.writeStringField("userAgent", request.userAgent());
    json.writeStringField("fieldManager", request.fieldManager());
    json.writeStringField("requestId", request.requestId());
    json.writeNumberField("time", request.timeMillis());
  }

  private static void writeTexts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void writeObject(JsonGenerator json, ObjectNode object) throws IOException {
    json.writeStartObject();
    writeField(json, object, "apiVersion");
    writeField(json, object, "kind");
    json.writeObjectFieldStart("metadata");
    for (Map.Entry<String, JsonNode> field : Json.at(object, "metadata").properties()) {
      if (!field.getKey().equals(RESOURCE_VERSION)) {
        json.writeFieldName(field.getKey());
        json.writeTree(field.getValue());
      }
    }
    json.writeEndObject();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      switch (field.getKey()) {
        case "apiVersion", "kind", "metadata" -> {}
        default -> {
          json.writeFieldName(field.getKey());
          json.writeTree(field.getValue());
        }
      }
    }
    json.writeEndObject();
  }

  private static void writeField(JsonGenerator json, ObjectNode object, String name)
      throws IOException {
    JsonNode value = object.get(name);
    if (value != null) {
      json.writeFieldName(name);
      json.writeTree(value);
    }
  }

  /** The object as the API serves it, from an event. */
  public static byte[] served(byte[] event, long revision) {
    int start = find(event, OBJECT_MARK, 0) + OBJECT_MARK.length - 1;
    return insertRevision(event, start, event.length - 1, revision);
  }

  /** Plain object JSON with the revision put into its metadata. */
  static byte[] withRevision(byte[] plain, long revision) {
    return insertRevision(plain, 0, plain.length, revision);
  }

  private static byte[] insertRevision(byte[] source, int start, int end, long revision) {
    int metadata = find(source, METADATA_MARK, start) + METADATA_MARK.length;
    String text = "\"resourceVersion\":\"" + revision + (source[metadata] == '}' ? "\"" : "\",");
    byte[] field = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] served = new byte[end - start + field.length];
    System.arraycopy(source, start, served, 0, metadata - start);
    System.arraycopy(field, 0, served, metadata - start, field.length);
    System.arraycopy(source, metadata, served, metadata - start + field.length, end - metadata);
    return served;
  }

  /** The event's fact, without the object. */
  public static ObjectNode fact(byte[] event) {
    int end = find(event, OBJECT_MARK, 0);
    return Json.parse(new String(event, 0, end, StandardCharsets.UTF_8) + "}");
  }

  /** A tree with the revision in its metadata; shares everything else with the given one. */
  static ObjectNode withRevision(ObjectNode tree, long revision) {
    ObjectNode metadata = Json.object();
    metadata.setAll((ObjectNode) tree.get("metadata"));
    metadata.put(RESOURCE_VERSION, Long.toString(revision));
    ObjectNode copy = Json.object();
    copy.setAll(tree);
    copy.set("metadata", metadata);
    return copy;
  }

  private static int find(byte[] text, byte[] mark, int from) {
    int last = text.length - mark.length;
    for (int i = from; i <= last; i++) {
      int matched = 0;
      while (matched < mark.length && text[i + matched] == mark[matched]) {
        matched++;
      }
      if (matched == mark.length) {
        return i;
      }
    }
    throw new IllegalArgumentException("not a change of an object");
  }
}
