package io.troupe.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The resources of one version, in the old and in the aggregated form. */
final class ResourceListing {
  private ResourceListing() {}

  static ObjectNode list(String groupVersion, List<Kind> kinds) {
    ObjectNode document = Json.object().put("kind", "APIResourceList");
    if (groupVersion.contains("/")) {
      document.put("apiVersion", "v1");
    }
    ArrayNode resources = document.put("groupVersion", groupVersion).putArray("resources");
    for (Kind kind : kinds) {
      resources.add(resource(kind));
      kind.subresources().forEach(sub -> resources.add(subresource(kind, sub)));
    }
    return document;
  }

  private static ObjectNode resource(Kind kind) {
    Resource type = kind.resource();
    ObjectNode node =
        Json.object()
            .put("name", type.plural())
            .put("singularName", kind.singular())
            .put("namespaced", type.namespaced())
            .put("kind", type.kind());
    addAll(node.putArray("verbs"), kind.verbs());
    addNames(node, kind);
    if (kind.verbs().contains("get") && kind.verbs().contains("create")) {
      node.put("storageVersionHash", storageVersionHash(kind));
    }
    return node;
  }

  private static ObjectNode subresource(Kind kind, Kind.Subresource sub) {
    ObjectNode node =
        Json.object()
            .put("name", kind.resource().plural() + "/" + sub.name())
            .put("singularName", "")
            .put("namespaced", kind.resource().namespaced());
    if (!sub.apiVersion().equals(kind.resource().apiVersion())) {
      node.put("group", group(sub.apiVersion())).put("version", version(sub.apiVersion()));
    }
    addAll(node.put("kind", sub.kind()).putArray("verbs"), sub.verbs());
    return node;
  }

  static ObjectNode aggregated(String version, List<Kind> kinds) {
    ObjectNode document = Json.object().put("version", version);
    ArrayNode resources = document.putArray("resources");
    kinds.forEach(kind -> resources.add(aggregated(kind)));
    return document.put("freshness", "Current");
  }

  private static ObjectNode aggregated(Kind kind) {
    Resource type = kind.resource();
    ObjectNode node = Json.object().put("resource", type.plural());
    node.set("responseKind", responseKind(type.apiVersion(), type.apiVersion(), type.kind()));
    node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    node.put("singularResource", kind.singular());
    addAll(node.putArray("verbs"), kind.verbs());
    addNames(node, kind);
    for (Kind.Subresource sub : kind.subresources()) {
      ObjectNode item = node.withArray("subresources").addObject().put("subresource", sub.name());
      item.set("responseKind", responseKind(type.apiVersion(), sub.apiVersion(), sub.kind()));
      addAll(item.putArray("verbs"), sub.verbs());
    }
    return node;
  }

  /** Group and version are empty where they are those of the document around. */
  private static ObjectNode responseKind(String around, String apiVersion, String kind) {
    boolean same = around.equals(apiVersion);
    return Json.object()
        .put("group", same ? "" : group(apiVersion))
        .put("version", same ? "" : version(apiVersion))
        .put("kind", kind);
  }

  private static void addNames(ObjectNode node, Kind kind) {
    if (!kind.shortNames().isEmpty()) {
      addAll(node.putArray("shortNames"), kind.shortNames());
    }
    if (!kind.categories().isEmpty()) {
      addAll(node.putArray("categories"), kind.categories());
    }
  }

  private static void addAll(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  /** As upstream makes it: clients only compare it. */
  private static String storageVersionHash(Kind kind) {
    String group = kind.stored().group();
    String text = group + "/" + version(kind.storedVersion()) + "/" + kind.resource().kind();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  private static String version(String apiVersion) {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }
}
