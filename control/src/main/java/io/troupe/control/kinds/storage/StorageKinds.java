package io.troupe.control.kinds.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The strategies of this package. */
public final class StorageKinds {
  private static final String GROUP = "storage.k8s.io";

  private StorageKinds() {}

  public static List<Strategy> all() {
    return List.of(
        Volumes.strategy(),
        Claims.strategy(),
        storageClass(),
        volumeAttributesClass(),
        volumeAttachment(),
        csiDriver(),
        csiNode(),
        csiStorageCapacity());
  }

  private static Strategy storageClass() {
    return Strategy.of(GROUP, "StorageClass")
        .defaults(
            c -> {
              Fill.text(c, "reclaimPolicy", "Delete");
              Fill.text(c, "volumeBindingMode", "Immediate");
            })
        .validate(StorageKinds::validateClass)
        .alsoOnUpdate(
            (c, old, errors) -> {
              At root = At.root(c, errors);
              for (String field :
                  List.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode")) {
                root.immutable(field, old);
              }
            })
        .columns(
            Columns.of(
                    "Name",
                    "Provisioner",
                    "ReclaimPolicy",
                    "VolumeBindingMode",
                    "AllowVolumeExpansion",
                    "Age")
                .wholeRow(
                    (c, now, row) -> {
                      boolean isDefault =
                          "true"
                              .equals(
                                  Meta.annotations(c)
                                      .get("storageclass.kubernetes.io/is-default-class"));
                      row.add(Meta.name(c) + (isDefault ? " (default)" : ""));
                      row.add(Json.text(c, "provisioner"));
                      row.add(Json.text(c, "reclaimPolicy"));
                      row.add(Json.text(c, "volumeBindingMode"));
                      row.add(Json.flag(c, false, "allowVolumeExpansion"));
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  private static void validateClass(ObjectNode storageClass, Errors errors) {
    At root = At.root(storageClass, errors);
    if (root.required("provisioner")) {
      String provisioner = root.text("provisioner").toLowerCase(Locale.ROOT);
      errors.invalid(root.at("provisioner"), provisioner, Names.qualifiedName(provisioner));
    }
    root.oneOf("reclaimPolicy", List.of("Delete", "Retain"));
    if (root.node().path("parameters").size() > 512) {
      errors.tooLong(root.at("parameters"), 512);
    }
    if (!root.has("volumeBindingMode")) {
      errors.required(root.at("volumeBindingMode"), "");
    }
    root.oneOf("volumeBindingMode", List.of("Immediate", "WaitForFirstConsumer"));
  }

  private static Strategy volumeAttributesClass() {
    return Strategy.of(GROUP, "VolumeAttributesClass")
        .validate(
            (c, errors) -> {
              At.root(c, errors).required("driverName");
              At.root(c, errors).required("parameters", "must contain at least one key/value pair");
            })
        .alsoOnUpdate(
            (c, old, errors) -> {
              At.root(c, errors).immutable("driverName", old);
              At.root(c, errors).immutable("parameters", old);
            })
        .columns(
            Columns.of("Name", "DriverName", "Age")
                .row(
                    (c, now, row) -> {
                      row.add(Json.text(c, "driverName"));
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  private static Strategy volumeAttachment() {
    return Strategy.of(GROUP, "VolumeAttachment")
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .validate(
            (a, errors) -> {
              At spec = At.spec(a, errors);
              spec.required("attacher");
              At source = spec.child("source");
              boolean inline = source.has("inlineVolumeSpec");
              boolean named = source.has("persistentVolumeName");
              String one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
              if (!inline && !named) {
                errors.required(source.path(), one);
              } else if (inline && named) {
                errors.forbidden(source.path(), one);
              }
              spec.child("nodeName").follows(Names::dnsSubdomain);
            })
        .alsoOnUpdate(
            (a, old, errors) -> {
              if (!Same.equal(a, old, "spec")) {
                At.root(a, errors).invalid("spec", "field is immutable");
              }
            })
        .columns(
            Columns.of("Name", "Attacher", "PV", "Node", "?Attached", "Age")
                .row(
                    (a, now, row) -> {
                      row.add(Json.text(a, "spec", "attacher"));
                      row.add(Json.text(a, "spec", "source", "persistentVolumeName"));
                      row.add(Json.text(a, "spec", "nodeName"));
                      row.add(Json.flag(a, false, "status", "attached"));
                      row.add(Columns.age(a, now));
                    }))
        .build();
  }

  private static Strategy csiDriver() {
    return Strategy.of(GROUP, "CSIDriver")
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .defaults(
            d -> {
              ObjectNode spec = Json.ensure(d, "spec");
              Fill.flag(spec, "attachRequired", true);
              Fill.flag(spec, "podInfoOnMount", false);
              Fill.flag(spec, "storageCapacity", false);
              Fill.text(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
              if (Same.isEmpty(spec.get("volumeLifecycleModes"))) {
                spec.putArray("volumeLifecycleModes").add("Persistent");
              }
              Fill.flag(spec, "requiresRepublish", false);
              Fill.flag(spec, "seLinuxMount", false);
            })
        .validate(
            (d, errors) -> {
              At spec = At.spec(d, errors);
              spec.oneOf("fsGroupPolicy", List.of("File", "None", "ReadWriteOnceWithFSType"));
            })
        .alsoOnUpdate(
            (d, old, errors) -> {
              At.spec(d, errors).immutable("attachRequired", old.path("spec"));
              At.spec(d, errors).immutable("volumeLifecycleModes", old.path("spec"));
            })
        .columns(
            Columns.of(
                    "Name",
                    "?AttachRequired",
                    "?PodInfoOnMount",
                    "?StorageCapacity",
                    "TokenRequests",
                    "?RequiresRepublish",
                    "Modes",
                    "Age")
                .row(
                    (d, now, row) -> {
                      JsonNode spec = d.path("spec");
                      row.add(Json.flag(spec, true, "attachRequired"));
                      row.add(Json.flag(spec, false, "podInfoOnMount"));
                      row.add(Json.flag(spec, false, "storageCapacity"));
                      row.add(tokens(spec));
                      row.add(Json.flag(spec, false, "requiresRepublish"));
                      String modes = joined(spec, "volumeLifecycleModes");
                      row.add(modes.isEmpty() ? "<none>" : modes);
                      row.add(Columns.age(d, now));
                    }))
        .build();
  }

  private static String tokens(JsonNode spec) {
    return spec.has("tokenRequests")
        ? Json.items(spec, "tokenRequests").stream()
            .map(t -> Json.text(t, "audience"))
            .collect(Collectors.joining(","))
        : "<unset>";
  }

  private static String joined(JsonNode spec, String list) {
    return Json.items(spec, list).stream().map(JsonNode::asText).collect(Collectors.joining(","));
  }

  private static Strategy csiNode() {
    return Strategy.of(GROUP, "CSINode")
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .validate(
            (n, errors) -> {
              At spec = At.spec(n, errors);
              spec.unique("drivers", "name");
              spec.each(
                  "drivers",
                  d -> {
                    d.required("name");
                    d.required("nodeID");
                  });
            })
        .columns(
            Columns.of("Name", "#Drivers", "Age")
                .row(
                    (n, now, row) -> {
                      row.add((long) Json.items(n, "spec", "drivers").size());
                      row.add(Columns.age(n, now));
                    }))
        .build();
  }

  private static Strategy csiStorageCapacity() {
    return Strategy.of(GROUP, "CSIStorageCapacity")
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .validate((c, errors) -> At.root(c, errors).required("storageClassName"))
        .alsoOnUpdate(
            (c, old, errors) -> {
              At.root(c, errors).immutable("nodeTopology", old);
              At.root(c, errors).immutable("storageClassName", old);
            })
        .columns(
            Columns.of("Name", "StorageClassName", "Capacity")
                .row(
                    (c, now, row) -> {
                      row.add(Json.text(c, "storageClassName"));
                      row.add(Json.at(c, "capacity").asText("<unset>"));
                    }))
        .build();
  }
}
