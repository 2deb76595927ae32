package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Format;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Trees to bytes and bodies to JSON, in the formats of the API. */
public final class Encodings {
  private static final ObjectWriter PRETTY = Json.MAPPER.writer(printer());

  /** What makes the formats other than JSON; an absent one is refused. */
  public interface Codec {
    byte[] encode(JsonNode object);

    /** A body as a tree; the kind is what is expected when the body does not say. */
    JsonNode decode(byte[] body, String apiVersion, String kind);

    /** Whether objects of the type have a form in this format. */
    boolean knows(String apiVersion, String kind);
  }

  private final Codec yaml;
  private final Codec protobuf;

  public Encodings(Codec yaml, Codec protobuf) {
    this.yaml = yaml;
    this.protobuf = protobuf;
  }

  public Codec protobuf() {
    return protobuf;
  }

  public byte[] encode(JsonNode tree, Format format, boolean pretty) {
    return switch (format) {
      case JSON -> pretty ? pretty(tree) : Json.bytes(tree);
      case YAML -> yaml.encode(tree);
      case PROTOBUF -> protobuf.encode(tree);
    };
  }

  /** A body as JSON bytes, by its content type. */
  public byte[] json(byte[] body, String contentType, Kind kind) {
    return json(body, contentType, kind.resource().apiVersion(), kind.resource().kind());
  }

  public byte[] json(byte[] body, String contentType, String apiVersion, String kind) {
    String type = mediaType(contentType);
    return switch (type) {
      case "", "application/json" -> body;
      case "application/yaml" -> Json.bytes(yaml.decode(body, apiVersion, kind));
      case "application/vnd.kubernetes.protobuf" ->
          Json.bytes(protobuf.decode(body, apiVersion, kind));
      default ->
          throw new RefusedException(
              Refusal.unsupportedMediaType(
                  "the body of the request was in an unknown format - accepted media types"
                      + " include: application/json, application/yaml,"
                      + " application/vnd.kubernetes.protobuf"));
    };
  }

  /** YAML (or JSON, which is YAML) as JSON bytes. */
  byte[] yamlToJson(byte[] body) {
    return Json.bytes(yaml.decode(body, "", ""));
  }

  static String mediaType(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static byte[] pretty(JsonNode tree) {
    try {
      return PRETTY.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    return printer;
  }
}
