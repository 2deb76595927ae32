package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.Amounts;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volumes of a pod: exactly one sort each, and the rules of the sorts. */
final class VolumeCheck {
  private static final String FILE_MODE =
      "must be a number between 0 and 0777 (octal), both inclusive";
  private static final List<String> HOST_PATH_TYPES =
      List.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");

  private static final List<String> KEY_TYPES =
      List.of("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519");

  private static final long DAY_SECONDS = 24 * 60 * 60;

  private VolumeCheck() {}

  /** Checks all; returns the valid ones by name. */
  static Map<String, JsonNode> volumes(At spec, String podName) {
    Map<String, JsonNode> valid = new HashMap<>();
    spec.each(
        "volumes",
        volume -> {
          int before = spec.errors().count();
          source(volume, podName);
          volume.requiredFollows("name", Names::dnsLabel);
          String name = volume.text("name");
          if (valid.containsKey(name)) {
            volume.errors().duplicate(volume.at("name"), name);
          }
          if (spec.errors().count() == before) {
            valid.put(name, volume.node());
          }
        });
    return valid;
  }

  private static void source(At volume, String podName) {
    String found = "";
    for (Map.Entry<String, JsonNode> field : volume.node().properties()) {
      String kind = field.getKey();
      if (kind.equals("name") || field.getValue().isNull()) {
        continue;
      }
      if (!found.isEmpty()) {
        volume.forbidden(kind, "may not specify more than 1 volume type");
        continue;
      }
      found = kind;
      rules(volume.child(kind), kind, volume, podName);
    }
    if (found.isEmpty()) {
      volume.errors().required(volume.path(), "must specify a volume type");
    }
  }

  private static void rules(At source, String kind, At volume, String podName) {
    switch (kind) {
      case "emptyDir" -> {
        if (Amounts.of(source.node().get("sizeLimit")).signum() < 0) {
          source.forbidden("sizeLimit", "SizeLimit field must be a valid resource quantity");
        }
      }
      case "hostPath" -> {
        if (source.required("path")) {
          Paths.noBacksteps(source.text("path"), source.at("path"), source.errors());
          source.oneOf("type", HOST_PATH_TYPES);
        }
      }
      case "secret" -> {
        source.required("secretName");
        files(source);
      }
      case "configMap" -> {
        source.required("name");
        files(source);
      }
      case "persistentVolumeClaim" -> source.required("claimName");
      case "downwardAPI" -> {
        mode(source, "defaultMode");
        source.each("items", i -> downward(i, source));
      }
      case "projected" -> projected(source);
      case "nfs" -> nfs(source);
      case "csi" -> source.required("driver");
      case "ephemeral" -> ephemeral(source, volume, podName);
      case "iscsi" -> {
        source.required("targetPortal");
        source.required("iqn");
      }
      case "gitRepo" -> {
        source.required("repository");
        Paths.descending(source.text("directory"), source.at("directory"), source.errors());
      }
      case "image" -> {
        source.oneOf("pullPolicy", List.of("Always", "IfNotPresent", "Never"));
      }
      default -> {}
    }
  }

  private static void nfs(At source) {
    source.required("server");
    source.required("path");
    if (!source.text("path").startsWith("/")) {
      source.invalid("path", "must be an absolute path");
    }
  }

  private static void ephemeral(At source, At volume, String podName) {
    if (!source.has("volumeClaimTemplate")) {
      source.errors().required(source.at("volumeClaimTemplate"), "");
    }
    if (!podName.isEmpty() && !volume.lacks("name")) {
      String claim = podName + "-" + volume.text("name");
      for (String wrong : Names.dnsSubdomain(claim)) {
        volume
            .errors()
            .invalid(
                volume.at("name"),
                volume.text("name"),
                "PVC name " + Errors.quote(claim) + ": " + wrong);
      }
    }
  }

  private static void files(At source) {
    mode(source, "defaultMode");
    source.each("items", VolumeCheck::keyToPath);
  }

  private static void keyToPath(At item) {
    item.required("key");
    item.required("path");
    Paths.nonReserved(item, "path");
    mode(item, "mode");
  }

  private static void mode(At source, String field) {
    long mode = source.number(field, 0);
    if (mode < 0 || mode > 0777) {
      source.invalid(field, FILE_MODE);
    }
  }

  private static void downward(At file, At source) {
    At at = new At(file.node(), source.path(), source.errors());
    at.required("path");
    Paths.nonReserved(at, "path");
    mode(at, "mode");
    if (at.has("fieldRef")) {
      EnvCheck.field(at.child("fieldRef"), EnvCheck.VOLUME_FIELDS);
      if (at.has("resourceFieldRef")) {
        at.errors()
            .invalid(
                at.path(),
                "resource",
                "fieldRef and resourceFieldRef can not be specified simultaneously");
      }
    } else if (at.has("resourceFieldRef")) {
      EnvCheck.resource(at.child("resourceFieldRef"), true);
    } else {
      at.errors().required(at.path(), "one of fieldRef and resourceFieldRef is required");
    }
  }

  private static void projected(At projected) {
    mode(projected, "defaultMode");
    Set<String> paths = new HashSet<>();
    projected.each(
        "sources",
        source -> {
          if (source.node().size() > 1) {
            source
                .errors()
                .forbidden(source.path(), "may not specify more than 1 volume type per source");
          }
          for (String kind : List.of("secret", "configMap")) {
            source.ifPresent(
                kind,
                s -> {
                  s.required("name");
                  s.each("items", VolumeCheck::keyToPath);
                  s.each("items", i -> once(i.text("path"), s.text("name"), projected, paths));
                });
          }
          source.ifPresent(
              "downwardAPI",
              d ->
                  d.each(
                      "items",
                      i -> {
                        downward(i, d);
                        once(i.text("path"), i.text("path"), projected, paths);
                      }));
          source.ifPresent("serviceAccountToken", t -> token(t, projected));
          source.ifPresent("podCertificate", VolumeCheck::certificate);
        });
  }

  private static void once(String path, String shown, At projected, Set<String> paths) {
    if (!path.isEmpty() && !paths.add(path)) {
      projected.errors().invalid(projected.path(), shown, "conflicting duplicate paths");
    }
  }

  private static void certificate(At certificate) {
    certificate.requiredOneOf("keyType", KEY_TYPES);
    if (!certificate.has("maxExpirationSeconds")) {
      return;
    }
    long seconds = certificate.number("maxExpirationSeconds", 0);
    String signer = certificate.text("signerName");
    long most = signer.startsWith("kubernetes.io/") ? DAY_SECONDS : 91 * DAY_SECONDS;
    if (seconds < 3600) {
      certificate.invalid(
          "maxExpirationSeconds", "if provided, maxExpirationSeconds must be >= 3600");
    }
    if (seconds > most) {
      certificate.invalid(
          "maxExpirationSeconds", "if provided, maxExpirationSeconds must be <= " + most);
    }
  }

  private static void token(At token, At projected) {
    long seconds = token.number("expirationSeconds", 0);
    if (!token.has("expirationSeconds")) {
      token.errors().required(token.at("expirationSeconds"), "");
    } else if (seconds < 600) {
      token.invalid("expirationSeconds", "may not specify a duration less than 10 minutes");
    } else if (seconds > 1L << 32) {
      token.invalid("expirationSeconds", "may not specify a duration larger than 2^32 seconds");
    }
    String path = Json.text(token.node(), "path");
    if (path.isEmpty()) {
      token.errors().required(projected.at("path"), "");
    } else {
      Paths.nonReserved(new At(token.node(), projected.path(), token.errors()), "path");
    }
  }
}
