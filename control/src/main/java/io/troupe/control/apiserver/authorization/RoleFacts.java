package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The roles and bindings that a cluster begins with, from {@code roles.facts} (made by {@code
 * control/importer/import_roles.py}).
 */
public final class RoleFacts {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private RoleFacts() {}

  /** All objects, as a client would create them, roles before bindings. */
  public static List<ObjectNode> objects() {
    List<ObjectNode> objects = new ArrayList<>();
    for (String line : lines()) {
      if (line.startsWith("  ")) {
        addTo(objects.getLast(), line.strip());
      } else if (!line.isEmpty()) {
        objects.add(begin(line));
      }
    }
    objects.forEach(o -> aggregate(o, objects));
    return objects;
  }

  /** The rules that every node has beside what its pods give it. */
  static List<Rule> nodeRules() {
    return objects().stream()
        .filter(o -> Meta.name(o).equals("system:node") && o.has("rules"))
        .flatMap(o -> Json.items(o, "rules").stream())
        .map(Rule::of)
        .toList();
  }

  private static List<String> lines() {
    try (InputStream in = RoleFacts.class.getResourceAsStream("roles.facts")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("roles.facts", e);
    }
  }

  private static ObjectNode begin(String line) {
    String[] words = line.split(" ", 2);
    String kind =
        switch (words[0]) {
          case "clusterrole" -> "ClusterRole";
          case "role" -> "Role";
          case "clusterrolebinding" -> "ClusterRoleBinding";
          case "rolebinding" -> "RoleBinding";
          default -> throw new IllegalStateException("roles.facts: " + line);
        };
    ObjectNode object = Json.object().put("apiVersion", GROUP + "/v1").put("kind", kind);
    ObjectNode metadata = object.putObject("metadata");
    int slash = kind.startsWith("Cluster") ? -1 : words[1].indexOf('/');
    if (slash >= 0) {
      metadata.put("namespace", words[1].substring(0, slash));
    }
    metadata.put("name", words[1].substring(slash + 1));
    metadata.putObject("annotations").put("rbac.authorization.kubernetes.io/autoupdate", "true");
    metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    return object;
  }

  private static void addTo(ObjectNode object, String line) {
    String[] words = line.split(" ", 2);
    String rest = words[1];
    switch (words[0]) {
      case "label" -> {
        int equals = rest.indexOf('=');
        Json.ensure(object, "metadata", "labels")
            .put(rest.substring(0, equals), rest.substring(equals + 1));
      }
      case "aggregates" ->
          Json.ensure(object, "aggregationRule")
              .withArray("clusterRoleSelectors")
              .addObject()
              .putObject("matchLabels")
              .put(rest, "true");
      case "allow" -> allow(object.withArray("rules").addObject(), rest.split(" \\| "));
      case "path" -> {
        String[] parts = rest.split(" \\| ");
        ObjectNode rule = object.withArray("rules").addObject();
        addAll(rule.putArray("verbs"), parts[0]);
        addAll(rule.putArray("nonResourceURLs"), parts[1]);
      }
      case "role" -> {
        String[] role = rest.split(" ");
        object
            .putObject("roleRef")
            .put("apiGroup", GROUP)
            .put("kind", role[0])
            .put("name", role[1]);
      }
      case "subject" -> subject(object.withArray("subjects").addObject(), rest.split(" "));
      default -> throw new IllegalStateException("roles.facts: " + line);
    }
  }

  private static void allow(ObjectNode rule, String[] parts) {
    addAll(rule.putArray("verbs"), parts[0]);
    addAll(rule.putArray("apiGroups"), parts[1]);
    addAll(rule.putArray("resources"), parts[2]);
    if (parts.length > 3) {
      addAll(rule.putArray("resourceNames"), parts[3]);
    }
  }

  private static void subject(ObjectNode subject, String[] words) {
    subject.put("kind", words[0]);
    if (words[0].equals("ServiceAccount")) {
      int slash = words[1].indexOf('/');
      subject.put("name", words[1].substring(slash + 1));
      subject.put("namespace", words[1].substring(0, slash));
    } else {
      subject.put("apiGroup", GROUP).put("name", words[1]);
    }
  }

  private static void addAll(ArrayNode array, String words) {
    for (String word : words.split(",")) {
      array.add(word.equals("core") ? "" : word);
    }
  }

  /** What the aggregation controller will say; the roles must work before it runs. */
  private static void aggregate(ObjectNode role, List<ObjectNode> all) {
    for (var selector : Json.items(role, "aggregationRule", "clusterRoleSelectors")) {
      String label = selector.path("matchLabels").fieldNames().next();
      for (ObjectNode other : all) {
        if (Meta.labels(other).containsKey(label)) {
          aggregate(other, all);
          addMissing(role.withArray("rules"), other);
        }
      }
    }
  }

  private static void addMissing(ArrayNode rules, ObjectNode other) {
    for (var rule : Json.items(other, "rules")) {
      boolean known = false;
      for (var have : rules) {
        known |= have.equals(rule);
      }
      if (!known) {
        rules.add(rule);
      }
    }
  }
}
