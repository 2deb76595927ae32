package io.troupe.control.kinds.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** CustomResourceDefinition: names, versions and the record of stored versions. */
final class Definitions {
  private Definitions() {}

  static Strategy strategy() {
    return Strategy.of("apiextensions.k8s.io", "CustomResourceDefinition")
        .generation()
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .defaults(Definitions::defaults)
        .prepareCreate((d, facts) -> storedVersions(d))
        .prepareUpdate(Definitions::update)
        .validate(Definitions::validate)
        .alsoOnUpdate(Definitions::names)
        .build();
  }

  private static void defaults(ObjectNode definition) {
    ObjectNode spec = Json.ensure(definition, "spec");
    ObjectNode names = Fill.object(spec, "names");
    String kind = Json.text(names, "kind");
    if (!kind.isEmpty()) {
      Fill.text(names, "singular", kind.toLowerCase(Locale.ROOT));
      Fill.text(names, "listKind", kind + "List");
    }
    if (Fill.isAbsent(spec, "conversion")) {
      spec.putObject("conversion").put("strategy", "None");
    }
    Fill.ifObject(
        spec.path("conversion").path("webhook").path("clientConfig"),
        "service",
        s -> Fill.number(s, "port", 443));
  }

  private static void update(ObjectNode definition, ObjectNode old, Facts facts) {
    if (definition.get("status") instanceof ObjectNode status) {
      definition.set("status", status.deepCopy());
    }
    storedVersions(definition);
  }

  /** Remembers every version in which objects may be stored. */
  private static void storedVersions(ObjectNode definition) {
    for (JsonNode version : Json.items(definition, "spec", "versions")) {
      if (Json.flag(version, false, "storage")) {
        ArrayNode stored = Fill.list(Json.ensure(definition, "status"), "storedVersions");
        String name = Json.text(version, "name");
        for (JsonNode held : stored) {
          if (held.asText().equals(name)) {
            return;
          }
        }
        stored.add(name);
        return;
      }
    }
  }

  private static void validate(ObjectNode definition, Errors errors) {
    At spec = At.spec(definition, errors);
    At names = spec.child("names");
    String wanted = names.text("plural") + "." + spec.text("group");
    if (!Meta.name(definition).equals(wanted)) {
      errors.invalid(
          FieldPath.METADATA.child("name"),
          Meta.name(definition),
          "must be spec.names.plural+\".\"+spec.group");
    }
    if (spec.required("group")) {
      spec.follows("group", Names::dnsSubdomain);
      if (spec.text("group").indexOf('.') < 0) {
        spec.invalid("group", "should be a domain with at least one dot");
      }
    }
    spec.requiredOneOf("scope", List.of("Cluster", "Namespaced"));
    for (String field : List.of("plural", "singular", "kind", "listKind")) {
      names.required(field);
      String text = names.text(field).toLowerCase(Locale.ROOT);
      if (!text.isEmpty()) {
        errors.invalid(names.at(field), names.text(field), Names.dns1035Label(text));
      }
    }
    if (!names.lacks("kind") && names.text("kind").equals(names.text("listKind"))) {
      names.invalid("listKind", "kind and listKind may not be the same");
    }
    versions(spec);
  }

  private static void versions(At spec) {
    Set<String> seen = new HashSet<>();
    int[] storage = {0};
    spec.each(
        "versions",
        version -> {
          version.child("name").follows(Names::dns1035Label);
          if (!seen.add(version.text("name"))) {
            spec.invalid("versions", "must contain unique version names");
          }
          storage[0] += version.flag("storage") ? 1 : 0;
          At schema = version.child("schema");
          if (!schema.has("openAPIV3Schema")) {
            version.errors().required(schema.at("openAPIV3Schema"), "schemas are required");
          } else if (!schema.child("openAPIV3Schema").text("type").equals("object")) {
            At root = schema.child("openAPIV3Schema");
            if (root.lacks("type")) {
              root.errors().required(root.at("type"), "must not be empty at the root");
            } else {
              root.invalid("type", "must be object at the root");
            }
          }
          version.each(
              "additionalPrinterColumns",
              c -> {
                c.required("name");
                c.requiredOneOf("type", List.of("boolean", "date", "integer", "number", "string"));
                c.required("jsonPath");
              });
        });
    if (storage[0] != 1) {
      spec.invalid("versions", "must have exactly one version marked as storage version");
    }
  }

  private static void names(ObjectNode definition, ObjectNode old, Errors errors) {
    boolean established =
        Json.items(old, "status", "conditions").stream()
            .anyMatch(
                c ->
                    Json.text(c, "type").equals("Established")
                        && Json.text(c, "status").equals("True"));
    At spec = At.spec(definition, errors);
    if (established) {
      spec.immutable("scope", old.path("spec"));
      spec.child("names").immutable("kind", old.path("spec").path("names"));
    }
    spec.immutable("group", old.path("spec"));
    spec.child("names").immutable("plural", old.path("spec").path("names"));
    if (!Same.isEmpty(Json.at(definition, "status", "storedVersions"))) {
      missing(definition, errors);
    }
  }

  private static void missing(ObjectNode definition, Errors errors) {
    Set<String> known = new HashSet<>();
    Json.items(definition, "spec", "versions").forEach(v -> known.add(Json.text(v, "name")));
    At.status(definition, errors)
        .each(
            "storedVersions",
            v -> {
              if (!known.contains(v.text())) {
                v.invalid(
                    "missing from spec.versions; "
                        + v.text()
                        + " was previously a storage version, and must remain in spec.versions"
                        + " until a storage migration ensures no data remains persisted in "
                        + v.text()
                        + " and removes "
                        + v.text()
                        + " from status.storedVersions");
              }
            });
  }
}
