package io.troupe.api.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The documents under {@code /openapi}. Each is made when first asked for (tens of milliseconds)
 * and kept as bytes. Safe for use from many threads.
 */
public final class OpenApi {

  /** A document as JSON bytes, with a strong tag that changes when the document does. */
  public record Document(byte[] json, String etag) {}

  private final FactKinds kinds;
  private final Descriptions descriptions;
  private final String version;

  /** By path, for example {@code apis/apps/v1}. */
  private final Map<String, List<Kind>> groups = new LinkedHashMap<>();

  private final Map<String, Document> made = new ConcurrentHashMap<>();

  /**
   * Prepares the documents.
   *
   * @param version the server's, for example {@code 1.37}
   */
  public OpenApi(FactKinds kinds, Descriptions descriptions, String version) {
    this.kinds = kinds;
    this.descriptions = descriptions;
    this.version = version;
    for (Kind kind : kinds.all()) {
      groups.computeIfAbsent(path(kind.resource()), path -> new ArrayList<>()).add(kind);
    }
  }

  private static String path(Resource type) {
    String root = type.group().isEmpty() ? "api" : "apis/" + type.group();
    return root + "/" + type.version();
  }

  /** {@code GET /openapi/v3}: where the documents are. */
  public Document index() {
    return made.computeIfAbsent("", path -> document(indexTree()));
  }

  private ObjectNode indexTree() {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    for (String path : new TreeMap<>(groups).keySet()) {
      paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(path));
    }
    return index;
  }

  /**
   * The value of {@code ?hash=} of a group's document: known without making the document, since it
   * follows from the facts and the server's version.
   */
  public String hash(String path) {
    String text = version + " " + kinds.fingerprint() + " " + path;
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code GET /openapi/v3/<path>}, for example {@code api/v1} or {@code apis/apps/v1}. */
  public Optional<Document> group(String path) {
    return groups.containsKey(path)
        ? Optional.of(made.computeIfAbsent(path, p -> document(groupTree(p))))
        : Optional.empty();
  }

  /** {@code GET /openapi/v2}: everything in one. */
  public Document swagger() {
    return made.computeIfAbsent("v2", path -> document(swaggerTree()));
  }

  private ObjectNode groupTree(String path) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    information(document);
    SchemaWriter schemas = new SchemaWriter(Dialect.V3, descriptions);
    ObjectNode paths = document.putObject("paths");
    new PathWriter(kinds, new OperationWriter.V3(schemas)).write(paths, groups.get(path));
    ObjectNode components = document.putObject("components");
    // Watches are no operations of their own here, but their events are part of the API.
    kinds.body("v1", "WatchEvent").ifPresent(schemas::reference);
    String apiVersion = groups.get(path).getFirst().resource().apiVersion();
    List<String> versions = Stream.of("v1", apiVersion).distinct().toList();
    definitions(components.putObject("schemas"), schemas, versions);
    security(components.putObject("securitySchemes"));
    return document;
  }

  private ObjectNode swaggerTree() {
    ObjectNode document = Json.object().put("swagger", "2.0");
    information(document);
    SchemaWriter schemas = new SchemaWriter(Dialect.V2, descriptions);
    ObjectNode paths = document.putObject("paths");
    PathWriter writer = new PathWriter(kinds, new OperationWriter.V2(schemas));
    groups.values().forEach(group -> writer.write(paths, group));
    definitions(document.putObject("definitions"), schemas, allVersions());
    security(document.putObject("securityDefinitions"));
    document.putArray("security").addObject().putArray("BearerToken");
    return document;
  }

  private void information(ObjectNode document) {
    document.putObject("info").put("title", "Kubernetes").put("version", version);
  }

  private static void security(ObjectNode schemes) {
    schemes
        .putObject("BearerToken")
        .put("type", "apiKey")
        .put("description", "Bearer Token authentication")
        .put("name", "authorization")
        .put("in", "header");
  }

  /** Definitions that are a kind of every version say so for the given ones. */
  private void definitions(ObjectNode target, SchemaWriter schemas, List<String> all) {
    schemas
        .definitions()
        .forEach(
            (name, definition) -> {
              groupVersionKinds(definition, name, all);
              target.set(name, definition);
            });
  }

  private void groupVersionKinds(ObjectNode definition, String name, List<String> all) {
    List<String> versions = kinds.versionsOf(name);
    if (versions.isEmpty()) {
      return;
    }
    ArrayNode list = definition.putArray("x-kubernetes-group-version-kind");
    List<String> stated = versions.equals(List.of("*")) ? all : versions;
    stated.forEach(
        apiVersion -> {
          int slash = apiVersion.indexOf('/');
          list.addObject()
              .put("group", slash < 0 ? "" : apiVersion.substring(0, slash))
              .put("kind", name.substring(name.lastIndexOf('.') + 1))
              .put("version", apiVersion.substring(slash + 1));
        });
  }

  private List<String> allVersions() {
    return groups.values().stream()
        .map(group -> group.getFirst().resource().apiVersion())
        .sorted()
        .toList();
  }

  private static Document document(ObjectNode tree) {
    byte[] json = Json.bytes(tree);
    return new Document(json, "\"" + digest(json) + "\"");
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-512").digest(bytes);
      return HexFormat.of().formatHex(hash).toUpperCase(Locale.ROOT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-512", e);
    }
  }
}
