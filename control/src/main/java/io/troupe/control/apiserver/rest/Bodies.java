package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.io.IOException;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads request bodies in the media type that they say they have. */
final class Bodies {
  private static final int MAX_ALIASES = 100;

  private final Protobuf protobuf;

  Bodies(Protobuf protobuf) {
    this.protobuf = protobuf;
  }

  /**
   * An object as JSON.
   *
   * @throws RefusedException 400 or 415 with what is wrong
   */
  ObjectNode object(String contentType, byte[] body) {
    String type = mediaType(contentType);
    JsonNode tree =
        switch (type) {
          case "", "application/json", "*/*" -> json(body);
          case "application/yaml", "application/x-yaml", "text/yaml" -> yaml(body);
          case "application/vnd.kubernetes.protobuf" -> protobuf(body);
          default -> throw unsupported(type);
        };
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw new RefusedException(
        Refusal.badRequest(
            "couldn't get version/kind; json parse error: the body must be a JSON object"));
  }

  static String mediaType(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private RefusedException unsupported(String type) {
    return new RefusedException(
        Refusal.unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: application/json, "
                + "application/yaml, application/vnd.kubernetes.protobuf; got "
                + type));
  }

  private ObjectNode protobuf(byte[] body) {
    if (protobuf == null) {
      throw unsupported("application/vnd.kubernetes.protobuf");
    }
    return protobuf.decode(body);
  }

  static JsonNode json(byte[] body) {
    try {
      JsonNode tree = Json.MAPPER.readTree(body);
      return tree == null ? Json.object() : tree;
    } catch (StreamConstraintsException e) {
      throw new RefusedException(
          Refusal.badRequest("the body exceeds a limit: " + e.getOriginalMessage()));
    } catch (JsonParseException e) {
      throw new RefusedException(Refusal.badRequest("json parse error: " + where(e)));
    } catch (JsonProcessingException e) {
      throw new RefusedException(Refusal.badRequest("json parse error: " + e.getOriginalMessage()));
    } catch (IOException e) {
      throw new RefusedException(Refusal.badRequest("json parse error: " + e.getMessage()));
    }
  }

  private static String where(JsonParseException e) {
    var at = e.getLocation();
    String text = e.getOriginalMessage();
    int end = text.indexOf(" (for ");
    return (end < 0 ? text : text.substring(0, end))
        + " at line "
        + at.getLineNr()
        + ", column "
        + at.getColumnNr();
  }

  static JsonNode yaml(byte[] body) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setMaxAliasesForCollections(MAX_ALIASES)
              .setAllowDuplicateKeys(false)
              .setCodePointLimit(8 << 20)
              .build();
      String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
      return Json.MAPPER.valueToTree(new Load(settings).loadFromString(text));
    } catch (YamlEngineException e) {
      String first = e.getMessage().lines().findFirst().orElse("malformed");
      throw new RefusedException(
          Refusal.badRequest("error converting YAML to JSON: yaml: " + first));
    } catch (IllegalArgumentException | StackOverflowError e) {
      throw new RefusedException(
          Refusal.badRequest("error converting YAML to JSON: the document is not plain data"));
    }
  }

  static PatchType patchType(String contentType) {
    String type = mediaType(contentType);
    for (PatchType candidate : PatchType.values()) {
      if (candidate.mediaType().equals(type)) {
        return candidate;
      }
    }
    throw new RefusedException(
        Refusal.unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, "
                + "application/strategic-merge-patch+json, application/apply-patch+yaml"));
  }
}
