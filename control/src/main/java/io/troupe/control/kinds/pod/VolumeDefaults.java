package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Fill;
import java.util.Map;

/** Defaults of volumes: their sort, and the modes of the files in them. */
final class VolumeDefaults {
  /** 0644. */
  private static final int FILE_MODE = 420;

  private VolumeDefaults() {}

  static void volume(ObjectNode volume) {
    if (hasNoSource(volume)) {
      volume.putObject("emptyDir");
      return;
    }
    for (String kind : java.util.List.of("configMap", "secret", "projected", "downwardAPI")) {
      Fill.ifObject(volume, kind, source -> Fill.number(source, "defaultMode", FILE_MODE));
    }
    Fill.ifObject(volume, "hostPath", path -> Fill.flagText(path, "type"));
    Fill.ifObject(volume, "downwardAPI", VolumeDefaults::downward);
    Fill.ifObject(volume, "projected", VolumeDefaults::projected);
    Fill.ifObject(volume, "iscsi", iscsi -> Fill.text(iscsi, "iscsiInterface", "default"));
    Fill.ifObject(volume, "rbd", VolumeDefaults::rbd);
    Fill.ifObject(volume, "azureDisk", VolumeDefaults::azureDisk);
    Fill.ifObject(volume, "scaleIO", VolumeDefaults::scaleIo);
    Fill.ifObject(
        volume,
        "image",
        image ->
            Fill.text(
                image, "pullPolicy", ContainerDefaults.pullPolicy(Json.text(image, "reference"))));
    Fill.ifObject(
        volume,
        "ephemeral",
        e ->
            Fill.ifObject(
                e,
                "volumeClaimTemplate",
                t -> Fill.text(Json.ensure(t, "spec"), "volumeMode", "Filesystem")));
  }

  private static boolean hasNoSource(ObjectNode volume) {
    for (Map.Entry<String, JsonNode> field : volume.properties()) {
      if (!field.getKey().equals("name") && !field.getValue().isNull()) {
        return false;
      }
    }
    return true;
  }

  private static void downward(ObjectNode source) {
    Fill.each(
        source,
        "items",
        item -> {
          Fill.ifObject(item, "fieldRef", ref -> Fill.text(ref, "apiVersion", "v1"));
          Fill.ifObject(item, "resourceFieldRef", ref -> Fill.text(ref, "divisor", "0"));
        });
  }

  private static void projected(ObjectNode projected) {
    Fill.each(
        projected,
        "sources",
        source -> {
          Fill.ifObject(source, "downwardAPI", VolumeDefaults::downward);
          Fill.ifObject(
              source, "serviceAccountToken", t -> Fill.number(t, "expirationSeconds", 3600));
          Fill.ifObject(
              source, "podCertificate", c -> Fill.number(c, "maxExpirationSeconds", 86400));
        });
  }

  private static void rbd(ObjectNode rbd) {
    Fill.text(rbd, "pool", "rbd");
    Fill.text(rbd, "user", "admin");
    Fill.text(rbd, "keyring", "/etc/ceph/keyring");
  }

  private static void azureDisk(ObjectNode disk) {
    Fill.text(disk, "cachingMode", "ReadWrite");
    Fill.text(disk, "kind", "Shared");
    Fill.text(disk, "fsType", "ext4");
    Fill.flag(disk, "readOnly", false);
  }

  private static void scaleIo(ObjectNode scaleIo) {
    Fill.text(scaleIo, "storageMode", "ThinProvisioned");
    Fill.text(scaleIo, "fsType", "xfs");
  }
}
