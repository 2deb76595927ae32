package io.troupe.control.kinds.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.Amounts;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.pod.ResourceDefaults;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** PersistentVolumeClaim. */
final class Claims {
  private Claims() {}

  static Strategy strategy() {
    return Strategy.of("", "PersistentVolumeClaim")
        .defaults(Claims::defaults)
        .prepareCreate(Claims::create)
        .prepareUpdate((c, old, facts) -> dataSources(Json.ensure(c, "spec")))
        .validate((c, errors) -> spec(At.spec(c, errors)))
        .alsoOnUpdate(Claims::update)
        .columns(COLUMNS)
        .build();
  }

  private static void defaults(ObjectNode claim) {
    ObjectNode spec = Json.ensure(claim, "spec");
    Fill.text(spec, "volumeMode", "Filesystem");
    Fill.ifObject(
        spec,
        "resources",
        r -> {
          ResourceDefaults.round(r.get("limits"));
          ResourceDefaults.round(r.get("requests"));
        });
    Fill.text(Json.ensure(claim, "status"), "phase", "Pending");
  }

  private static void create(ObjectNode claim, Facts facts) {
    claim.putObject("status").put("phase", "Pending");
    dataSources(Json.ensure(claim, "spec"));
  }

  /** The old and the new field for a data source say the same (KEP-1495). */
  private static void dataSources(ObjectNode spec) {
    JsonNode source = spec.get("dataSource");
    JsonNode ref = spec.get("dataSourceRef");
    if (source != null && ref == null) {
      spec.set("dataSourceRef", source.deepCopy());
    } else if (source == null && ref != null && Json.text(ref, "namespace").isEmpty()) {
      spec.set("dataSource", ref.deepCopy());
    }
  }

  private static void spec(At spec) {
    Volumes.accessModes(spec, "at least 1 access mode is required");
    spec.ifPresent("selector", Selectors::check);
    JsonNode storage = Json.at(spec.node(), "resources", "requests", "storage");
    FieldPath path = spec.at("resources").key("storage");
    if (storage.isMissingNode()) {
      spec.errors().required(path, "");
    } else if (Amounts.of(storage).signum() <= 0) {
      spec.errors().invalid(path, storage, "must be greater than zero");
    }
    spec.follows("storageClassName", Names::dnsSubdomain);
    spec.oneOf("volumeMode", List.of("Block", "Filesystem"));
    for (String field : List.of("dataSource", "dataSourceRef")) {
      spec.ifPresent(
          field,
          source -> {
            source.required("name");
            source.required("kind");
            if (source.lacks("apiGroup") && !source.text("kind").equals("PersistentVolumeClaim")) {
              source
                  .errors()
                  .invalid(
                      source.path(),
                      source.text("kind"),
                      "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
            }
          });
    }
    spec.follows("volumeAttributesClassName", Names::dnsSubdomain);
  }

  private static void update(ObjectNode claim, ObjectNode old, Errors errors) {
    ObjectNode now = ((ObjectNode) claim.path("spec")).deepCopy();
    JsonNode before = old.path("spec");
    if (Json.text(before, "volumeName").isEmpty()) {
      now.remove("volumeName");
    }
    if (Fill.isAbsent((ObjectNode) before, "storageClassName")) {
      now.remove("storageClassName");
    }
    if (Json.text(claim, "status", "phase").equals("Bound")) {
      JsonNode size = Json.at(before, "resources", "requests", "storage");
      Json.ensure(now, "resources", "requests").set("storage", size);
      now.remove("volumeAttributesClassName");
      if (before.has("volumeAttributesClassName")) {
        now.set("volumeAttributesClassName", before.get("volumeAttributesClassName"));
      }
    }
    if (!Same.equal(now, before)) {
      errors.forbidden(
          FieldPath.SPEC,
          "spec is immutable after creation except resources.requests and"
              + " volumeAttributesClassName for bound claims\n");
    }
    JsonNode size = Json.at(claim, "spec", "resources", "requests", "storage");
    JsonNode held = Json.at(before, "resources", "requests", "storage");
    JsonNode actual = Json.at(old, "status", "capacity", "storage");
    if (Amounts.of(size).compareTo(Amounts.of(held)) < 0
        && Amounts.of(size).compareTo(Amounts.of(actual)) <= 0) {
      errors.forbidden(
          FieldPath.of("spec", "resources", "requests", "storage"),
          "field can not be less than status.capacity");
    }
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Status",
              "Volume",
              "Capacity",
              "Access Modes",
              "StorageClass",
              "VolumeAttributesClass",
              "Age",
              "+VolumeMode")
          .row(
              (c, now, row) -> {
                row.add(Meta.isDeleting(c) ? "Terminating" : Json.text(c, "status", "phase"));
                String volume = Json.text(c, "spec", "volumeName");
                row.add(volume);
                boolean bound = !volume.isEmpty();
                row.add(bound ? Json.at(c, "status", "capacity", "storage").asText("0") : "");
                row.add(bound ? Volumes.modes(Json.at(c, "status", "accessModes")) : "");
                row.add(Volumes.storageClass(c));
                row.add(Volumes.orUnset(Json.text(c, "spec", "volumeAttributesClassName")));
                row.add(Columns.age(c, now));
                row.add(Volumes.orUnset(Json.text(c, "spec", "volumeMode")));
              });
}
