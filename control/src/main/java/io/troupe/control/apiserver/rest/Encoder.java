package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.CachedObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * Writes stored objects in the form that a client wants; plain JSON is the stored bytes themselves.
 */
final class Encoder {
  private final KindRules rules;
  private final Protobuf protobuf;

  Encoder(KindRules rules, Protobuf protobuf) {
    this.rules = rules;
    this.protobuf = protobuf;
  }

  boolean hasProtobuf() {
    return protobuf != null;
  }

  /** What a list says about itself. */
  record ListMeta(long revision, String continueToken, long remaining) {
    ObjectNode json() {
      ObjectNode meta = Json.object();
      meta.put("resourceVersion", Long.toString(revision));
      if (!continueToken.isEmpty()) {
        meta.put("continue", continueToken);
        if (remaining > 0) {
          meta.put("remainingItemCount", remaining);
        }
      }
      return meta;
    }
  }

  byte[] object(Kind kind, CachedObject object, Form form, long nowMillis, String includeObject) {
    if (form.isPlain() && isStoredVersion(kind)) {
      return object.json();
    }
    return bytes(shaped(kind, requested(kind, object), form, nowMillis, includeObject), form);
  }

  /** Whether the stored bytes are what is wanted. */
  static boolean isVerbatim(Kind kind, Form form) {
    return form.isPlain() && isStoredVersion(kind);
  }

  private static boolean isStoredVersion(Kind kind) {
    return kind.storedVersion().equals(kind.resource().apiVersion());
  }

  private ObjectNode requested(Kind kind, CachedObject object) {
    return isStoredVersion(kind) ? object.tree() : rules.toRequested(kind, object.tree());
  }

  ObjectNode shaped(Kind kind, ObjectNode tree, Form form, long nowMillis, String includeObject) {
    return switch (form.shape()) {
      case OBJECT -> tree;
      case METADATA -> metadataOnly(tree);
      case TABLE -> {
        ObjectNode table = rules.table(kind, List.of(tree), nowMillis, includeObject);
        ObjectNode metadata = Json.ensure(table, "metadata");
        if (!metadata.has("resourceVersion")) {
          metadata.set("resourceVersion", Json.at(tree, "metadata", "resourceVersion"));
        }
        yield table;
      }
    };
  }

  private static ObjectNode metadataOnly(ObjectNode tree) {
    ObjectNode partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", tree.get("metadata"));
    return partial;
  }

  /** A list body that is not a concatenation of stored bytes. */
  byte[] list(
      Kind kind,
      List<CachedObject> objects,
      ListMeta meta,
      Form form,
      long nowMillis,
      String includeObject) {
    List<ObjectNode> trees = objects.stream().map(o -> requested(kind, o)).toList();
    if (form.shape() == Form.Shape.TABLE) {
      ObjectNode table = rules.table(kind, trees, nowMillis, includeObject);
      table.set("metadata", meta.json());
      return bytes(table, form);
    }
    boolean partial = form.shape() == Form.Shape.METADATA;
    ObjectNode list = Json.object();
    list.put("kind", partial ? "PartialObjectMetadataList" : kind.resource().kind() + "List");
    list.put("apiVersion", partial ? "meta.k8s.io/v1" : kind.resource().apiVersion());
    list.set("metadata", meta.json());
    ArrayNode items = list.putArray("items");
    trees.forEach(t -> items.add(partial ? metadataOnly(t) : withoutType(t)));
    return bytes(list, form);
  }

  /** Items of a typed list do not say their type. */
  private static ObjectNode withoutType(ObjectNode tree) {
    ObjectNode item = Json.object();
    item.setAll(tree);
    item.remove(List.of("apiVersion", "kind"));
    return item;
  }

  byte[] bytes(ObjectNode tree, Form form) {
    return switch (form.media()) {
      case JSON -> form.pretty() ? PrettyJson.bytes(tree) : Json.bytes(tree);
      case YAML -> yaml(tree);
      case PROTOBUF -> protobuf.encode(tree);
    };
  }

  static byte[] yaml(ObjectNode tree) {
    try {
      Object plain = Json.MAPPER.treeToValue(tree, Object.class);
      DumpSettings settings =
          DumpSettings.builder()
              .setDefaultFlowStyle(org.snakeyaml.engine.v2.common.FlowStyle.BLOCK)
              .build();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(new Dump(settings).dumpToString(plain).getBytes(StandardCharsets.UTF_8));
      return out.toByteArray();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree has a plain form", e);
    }
  }
}
