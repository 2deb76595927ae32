package io.troupe.control.kinds.core;

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
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.SubresourceRule;
import java.util.Set;

/** Namespace: stays, Terminating, until the namespace controller has emptied it. */
final class Namespaces {
  private static final Set<String> STANDARD_FINALIZERS =
      Set.of("kubernetes", "orphan", "foregroundDeletion");

  private Namespaces() {}

  static Strategy strategy() {
    return Strategy.of("", "Namespace")
        .nameRule(Names::dnsLabel)
        .defaults(Namespaces::defaults)
        .prepareCreate(Namespaces::create)
        .prepareUpdate(
            (n, old, facts) -> {
              keep(n, old, "spec");
              keep(n, old, "status");
            })
        .pinned(n -> !Json.items(n, "spec", "finalizers").isEmpty())
        .prepareDelete(
            (n, facts) -> {
              if (Meta.isDeleting(n)) {
                ObjectNode status = Json.object();
                if (n.get("status") instanceof ObjectNode held) {
                  status.setAll(held);
                }
                n.set("status", status.put("phase", "Terminating"));
              }
            })
        .validate(Namespaces::validate)
        .validateStatus(Namespaces::status)
        .subresource("finalize", new Finalize())
        .selectable("status.phase", o -> Json.text(o, "status", "phase"))
        .columns(
            Columns.of("Name", "Status", "Age")
                .row(
                    (n, now, row) -> {
                      row.add(Json.text(n, "status", "phase"));
                      row.add(Columns.age(n, now));
                    }))
        .build();
  }

  private static void defaults(ObjectNode namespace) {
    String name = Meta.name(namespace);
    if (!name.isEmpty()) {
      Json.ensure(namespace, "metadata", "labels").put("kubernetes.io/metadata.name", name);
    }
    Fill.text(Json.ensure(namespace, "status"), "phase", "Active");
  }

  private static void create(ObjectNode namespace, Facts facts) {
    namespace.putObject("status").put("phase", "Active");
    ArrayNode finalizers = Fill.list(Json.ensure(namespace, "spec"), "finalizers");
    for (JsonNode held : finalizers) {
      if (held.asText().equals("kubernetes")) {
        return;
      }
    }
    finalizers.add("kubernetes");
  }

  static void keep(ObjectNode object, ObjectNode old, String field) {
    if (old.has(field)) {
      object.set(field, old.get(field));
    } else {
      object.remove(field);
    }
  }

  private static void validate(ObjectNode namespace, Errors errors) {
    At.spec(namespace, errors)
        .each("finalizers", f -> finalizer(f, FieldPath.of("spec", "finalizers")));
  }

  private static void finalizer(At finalizer, FieldPath path) {
    String name = finalizer.text();
    finalizer.errors().invalid(path, name, Names.qualifiedName(name));
    if (name.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(name)) {
      finalizer
          .errors()
          .invalid(
              path, name, "name is neither a standard finalizer name nor is it fully qualified");
    }
  }

  private static void status(ObjectNode namespace, ObjectNode old, Errors errors) {
    boolean deleting = Meta.isDeleting(namespace);
    String phase = Json.text(namespace, "status", "phase");
    if (!deleting && !phase.equals("Active")) {
      errors.invalid(
          FieldPath.of("status", "Phase"),
          phase,
          "may only be 'Active' if `deletionTimestamp` is empty");
    } else if (deleting && !phase.equals("Terminating")) {
      errors.invalid(
          FieldPath.of("status", "Phase"),
          phase,
          "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }
  }

  /** {@code namespaces/finalize}: the namespace controller says that it is done. */
  private static final class Finalize implements SubresourceRule {
    @Override
    public ObjectNode write(ObjectNode body, ObjectNode old, Facts facts) {
      ObjectNode namespace = old.deepCopy();
      ObjectNode spec = Json.ensure(namespace, "spec");
      namespace.set("metadata", body.get("metadata"));
      JsonNode finalizers = Json.at(body, "spec", "finalizers");
      if (finalizers.isEmpty()) {
        spec.remove("finalizers");
      } else {
        spec.set("finalizers", finalizers);
      }
      return namespace;
    }

    @Override
    public void check(ObjectNode namespace, ObjectNode old, Errors errors) {
      At.spec(namespace, errors).each("finalizers", f -> finalizer(f, f.path()));
    }
  }
}
