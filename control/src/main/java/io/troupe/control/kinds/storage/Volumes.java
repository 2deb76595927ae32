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
import io.troupe.control.kinds.pod.ResourceDefaults;
import io.troupe.control.kinds.pod.SchedulingCheck;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** PersistentVolume. */
final class Volumes {
  private static final List<String> ACCESS_MODES =
      List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
  private static final List<String> MODES = List.of("Block", "Filesystem");
  private static final Set<String> NO_SOURCE =
      Set.of(
          "capacity",
          "accessModes",
          "claimRef",
          "persistentVolumeReclaimPolicy",
          "storageClassName",
          "mountOptions",
          "volumeMode",
          "nodeAffinity",
          "volumeAttributesClassName");

  private Volumes() {}

  static Strategy strategy() {
    return Strategy.of("", "PersistentVolume")
        .defaults(Volumes::defaults)
        .prepareCreate((v, facts) -> v.putObject("status").put("phase", "Pending"))
        .prepareStatus(
            (v, old, facts) -> {
              String phase = Json.text(v, "status", "phase");
              if (!phase.equals(Json.text(old, "status", "phase"))) {
                Json.ensure(v, "status").put("lastPhaseTransitionTime", facts.now());
              }
            })
        .validate(Volumes::validate)
        .alsoOnUpdate(Volumes::update)
        .columns(COLUMNS)
        .build();
  }

  private static void defaults(ObjectNode volume) {
    ObjectNode spec = Json.ensure(volume, "spec");
    Fill.text(spec, "persistentVolumeReclaimPolicy", "Retain");
    Fill.text(spec, "volumeMode", "Filesystem");
    ResourceDefaults.round(spec.get("capacity"));
    Fill.ifObject(spec, "hostPath", p -> Fill.flagText(p, "type"));
    Fill.ifObject(spec, "iscsi", p -> Fill.text(p, "iscsiInterface", "default"));
    Fill.text(Json.ensure(volume, "status"), "phase", "Pending");
  }

  private static void validate(ObjectNode volume, Errors errors) {
    At spec = At.spec(volume, errors);
    accessModes(spec, "");
    capacity(spec);
    spec.oneOf("persistentVolumeReclaimPolicy", List.of("Delete", "Recycle", "Retain"));
    source(spec);
    spec.ifPresent(
        "nodeAffinity",
        affinity -> {
          if (!affinity.has("required")) {
            errors.required(affinity.at("required"), "must specify required node constraints");
          } else {
            SchedulingCheck.nodeSelector(affinity.child("required"));
          }
        });
    if (spec.has("local") && !spec.has("nodeAffinity")) {
      errors.required(
          FieldPath.METADATA.child("annotations"), "Local volume requires node affinity");
    }
    spec.follows("storageClassName", Names::dnsSubdomain);
    spec.oneOf("volumeMode", MODES);
  }

  /** Access modes of volumes and claims. */
  static void accessModes(At spec, String requiredDetail) {
    if (spec.lacks("accessModes")) {
      spec.errors().required(spec.at("accessModes"), requiredDetail);
    }
    boolean[] found = new boolean[2];
    spec.each(
        "accessModes",
        mode -> {
          if (!ACCESS_MODES.contains(mode.text())) {
            spec.errors().notSupported(spec.at("accessModes"), mode.text(), ACCESS_MODES);
          } else {
            found[mode.text().equals("ReadWriteOncePod") ? 0 : 1] = true;
          }
        });
    if (found[0] && found[1]) {
      spec.forbidden("accessModes", "may not use ReadWriteOncePod with other access modes");
    }
  }

  private static void capacity(At spec) {
    JsonNode capacity = spec.node().path("capacity");
    spec.required("capacity");
    if (!capacity.has("storage") || capacity.size() > 1) {
      spec.errors().notSupported(spec.at("capacity"), capacity, List.of("storage"));
    }
    for (Map.Entry<String, JsonNode> entry : capacity.properties()) {
      if (Amounts.of(entry.getValue()).signum() <= 0) {
        spec.errors()
            .invalid(
                spec.at("capacity").key(entry.getKey()),
                entry.getValue(),
                "must be greater than zero");
      }
    }
  }

  private static void source(At spec) {
    String found = "";
    for (Map.Entry<String, JsonNode> field : spec.node().properties()) {
      if (NO_SOURCE.contains(field.getKey()) || field.getValue().isNull()) {
        continue;
      }
      if (!found.isEmpty()) {
        spec.forbidden(field.getKey(), "may not specify more than 1 volume type");
      }
      found = field.getKey();
    }
    switch (found) {
      case "" -> spec.errors().required(spec.path(), "must specify a volume type");
      case "hostPath", "local" -> {
        At source = spec.child(found);
        source.required("path");
        if (List.of(source.text("path").split("/")).contains("..")) {
          source.invalid("path", "must not contain '..'");
        }
      }
      case "nfs" -> {
        spec.child("nfs").required("server");
        spec.child("nfs").required("path");
      }
      case "csi" -> {
        spec.child("csi").required("driver");
        spec.child("csi").required("volumeHandle");
      }
      default -> {}
    }
  }

  private static void update(ObjectNode volume, ObjectNode old, Errors errors) {
    JsonNode now = volume.path("spec");
    JsonNode before = old.path("spec");
    for (Map.Entry<String, JsonNode> field : before.properties()) {
      if (!NO_SOURCE.contains(field.getKey())
          && !Same.equal(field.getValue(), now.get(field.getKey()))) {
        errors.forbidden(
            FieldPath.of("spec", "persistentvolumesource"),
            "spec.persistentvolumesource is immutable after creation\n");
      }
    }
    if (!Same.equal(now, before, "volumeMode")) {
      errors.invalid(FieldPath.of("volumeMode"), now.path("volumeMode"), "field is immutable");
    }
  }

  static String modes(JsonNode modes) {
    StringBuilder shown = new StringBuilder();
    Map<String, String> letters =
        Map.of(
            "ReadWriteOnce", "RWO",
            "ReadOnlyMany", "ROX",
            "ReadWriteMany", "RWX",
            "ReadWriteOncePod", "RWOP");
    for (String mode :
        List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")) {
      for (JsonNode held : modes) {
        if (held.asText().equals(mode) && shown.indexOf(letters.get(mode)) < 0) {
          shown.append(shown.isEmpty() ? "" : ",").append(letters.get(mode));
        }
      }
    }
    return shown.toString();
  }

  static String storageClass(ObjectNode object) {
    String annotation = Meta.annotations(object).get("volume.beta.kubernetes.io/storage-class");
    return annotation == null ? Json.text(object, "spec", "storageClassName") : annotation;
  }

  static String orUnset(String text) {
    return text.isEmpty() ? "<unset>" : text;
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Name",
              "Capacity",
              "Access Modes",
              "Reclaim Policy",
              "Status",
              "Claim",
              "StorageClass",
              "VolumeAttributesClass",
              "Reason",
              "Age",
              "+VolumeMode")
          .row(
              (v, now, row) -> {
                row.add(Json.at(v, "spec", "capacity", "storage").asText("0"));
                row.add(modes(Json.at(v, "spec", "accessModes")));
                row.add(Json.text(v, "spec", "persistentVolumeReclaimPolicy"));
                row.add(Meta.isDeleting(v) ? "Terminating" : Json.text(v, "status", "phase"));
                JsonNode claim = Json.at(v, "spec", "claimRef");
                row.add(
                    claim.isObject()
                        ? Json.text(claim, "namespace") + "/" + Json.text(claim, "name")
                        : "");
                row.add(storageClass(v));
                row.add(orUnset(Json.text(v, "spec", "volumeAttributesClassName")));
                row.add(Json.text(v, "status", "reason"));
                row.add(Columns.age(v, now));
                row.add(orUnset(Json.text(v, "spec", "volumeMode")));
              });
}
