package io.troupe.control.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code rbac.facts}, which {@code control/importer/rbac.py} wrote. */
final class RbacFacts {

  /** An object to be there, with its type. */
  record Wanted(Resource type, ObjectNode object) {}

  private RbacFacts() {}

  static List<Wanted> all() {
    List<Wanted> found = new ArrayList<>();
    for (String line : lines()) {
      String[] words = line.strip().split(" ");
      switch (words[0]) {
        case "role" -> found.add(role(words));
        case "binding" -> found.add(binding(words));
        case "gathers" -> gathers(found.getLast().object(), words);
        case "rule" -> rule(found.getLast().object(), words);
        case "subject" -> subject(found.getLast().object(), words);
        default -> throw new IllegalStateException("not a fact: " + line);
      }
    }
    return found;
  }

  private static List<String> lines() {
    try (InputStream in = RbacFacts.class.getResourceAsStream("/troupe/rbac.facts")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode metadata(
      ObjectNode object, String namespace, String name, String[] words, int labelsFrom) {
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.equals("-")) {
      metadata.put("namespace", namespace);
    }
    ObjectNode labels =
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    for (int i = labelsFrom; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      labels.put(pair[0], pair[1]);
    }
    metadata.putObject("annotations").put("rbac.authorization.kubernetes.io/autoupdate", "true");
    return metadata;
  }

  private static Wanted role(String[] words) {
    boolean cluster = words[1].equals("-");
    Resource type = cluster ? Resources.CLUSTER_ROLES : Resources.ROLES;
    ObjectNode role = Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
    metadata(role, words[1], words[2], words, 3);
    role.putArray("rules");
    return new Wanted(type, role);
  }

  private static Wanted binding(String[] words) {
    Resource type =
        words[1].equals("-") ? Resources.CLUSTER_ROLE_BINDINGS : Resources.ROLE_BINDINGS;
    ObjectNode binding =
        Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
    metadata(binding, words[1], words[2], words, 5);
    ObjectNode reference =
        binding.putObject("roleRef").put("apiGroup", "rbac.authorization.k8s.io");
    reference.put("kind", words[3]).put("name", words[4]);
    binding.putArray("subjects");
    return new Wanted(type, binding);
  }

  private static void gathers(ObjectNode role, String[] words) {
    ObjectNode labels =
        Json.ensure(role, "aggregationRule")
            .withArray("clusterRoleSelectors")
            .addObject()
            .putObject("matchLabels");
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      labels.put(pair[0], pair[1]);
    }
  }

  private static void rule(ObjectNode role, String[] words) {
    ObjectNode rule = role.withArray("rules").addObject();
    String[] fields = {"verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs"};
    for (int i = 0; i < fields.length; i++) {
      if (!words[i + 1].equals("-")) {
        for (String value : words[i + 1].split(",")) {
          rule.withArray(fields[i]).add(value.equals("\"\"") ? "" : value);
        }
      }
    }
  }

  private static void subject(ObjectNode binding, String[] words) {
    ObjectNode subject = binding.withArray("subjects").addObject().put("kind", words[1]);
    if (words[1].equals("ServiceAccount")) {
      subject.put("namespace", words[2]);
    } else {
      subject.put("apiGroup", "rbac.authorization.k8s.io");
    }
    subject.put("name", words[3]);
  }
}
