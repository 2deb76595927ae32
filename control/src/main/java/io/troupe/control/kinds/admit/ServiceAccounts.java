package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Facts;
import java.util.List;

/** Gives each pod a service account, its pull secrets and a projected token (KEP-1205). */
final class ServiceAccounts {
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String VOLUME_PREFIX = "kube-api-access-";
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private ServiceAccounts() {}

  static void admit(ObjectNode pod, Facts facts) {
    ObjectNode spec = Json.ensure(pod, "spec");
    if (Meta.annotations(pod).containsKey("kubernetes.io/config.mirror")) {
      checkMirror(spec, facts);
      return;
    }
    if (Json.text(spec, "serviceAccountName").isEmpty()) {
      spec.put("serviceAccountName", "default").put("serviceAccount", "default");
    }
    ObjectNode account = account(spec, facts);
    if (wantsToken(spec, account)) {
      mountToken(spec, facts);
    }
    if (Same.isEmpty(spec.get("imagePullSecrets"))
        && !Same.isEmpty(account.get("imagePullSecrets"))) {
      spec.set("imagePullSecrets", account.get("imagePullSecrets").deepCopy());
    }
  }

  private static void checkMirror(ObjectNode spec, Facts facts) {
    if (!Json.text(spec, "serviceAccountName").isEmpty()) {
      throw Admission.forbidden(facts, "a mirror pod may not reference service accounts");
    }
    for (JsonNode volume : Json.items(spec, "volumes")) {
      if (volume.has("secret")) {
        throw Admission.forbidden(facts, "a mirror pod may not reference secrets");
      }
      for (JsonNode source : Json.items(volume, "projected", "sources")) {
        if (source.has("serviceAccountToken")) {
          throw Admission.forbidden(
              facts, "a mirror pod may not use ServiceAccountToken volume projections");
        }
      }
    }
  }

  private static ObjectNode account(ObjectNode spec, Facts facts) {
    String name = Json.text(spec, "serviceAccountName");
    String namespace = facts.key().namespace();
    return facts
        .world()
        .find(Resources.SERVICE_ACCOUNTS, namespace, name)
        .orElseThrow(
            () ->
                Admission.forbidden(
                    facts,
                    "error looking up service account "
                        + namespace
                        + "/"
                        + name
                        + ": serviceaccount \""
                        + name
                        + "\" not found"));
  }

  private static boolean wantsToken(ObjectNode spec, ObjectNode account) {
    String field = "automountServiceAccountToken";
    return Json.flag(spec, Json.flag(account, true, field), field);
  }

  private static void mountToken(ObjectNode spec, Facts facts) {
    String held = "";
    for (JsonNode volume : Json.items(spec, "volumes")) {
      if (Json.text(volume, "name").startsWith(VOLUME_PREFIX)) {
        held = Json.text(volume, "name");
      }
    }
    String name = held.isEmpty() ? VOLUME_PREFIX + suffix(facts.request().newUid()) : held;
    boolean needed = false;
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : Json.items(spec, list)) {
        needed |= mount((ObjectNode) container, name);
      }
    }
    if (needed && held.isEmpty()) {
      Fill.list(spec, "volumes").add(volume(name));
    }
  }

  private static boolean mount(ObjectNode container, String volume) {
    ArrayNode mounts = Fill.list(container, "volumeMounts");
    for (JsonNode mount : mounts) {
      if (Json.text(mount, "mountPath").equals(MOUNT_PATH)) {
        return false;
      }
    }
    mounts.addObject().put("name", volume).put("readOnly", true).put("mountPath", MOUNT_PATH);
    return true;
  }

  private static ObjectNode volume(String name) {
    ObjectNode volume = Json.object().put("name", name);
    ObjectNode projected = volume.putObject("projected");
    ArrayNode sources = projected.putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", 3607)
        .put("path", "token");
    ObjectNode root = sources.addObject().putObject("configMap");
    root.put("name", "kube-root-ca.crt");
    root.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode item = sources.addObject().putObject("downwardAPI").putArray("items").addObject();
    item.put("path", "namespace");
    item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
    projected.put("defaultMode", 420);
    return volume;
  }

  /** Five characters as upstream's name generator would draw, drawn from the pod's uid instead. */
  private static String suffix(String uid) {
    long bits = uid.hashCode() & 0xffffffffL;
    StringBuilder text = new StringBuilder(5);
    for (int i = 0; i < 5; i++) {
      text.append(ALPHABET.charAt((int) (bits % ALPHABET.length())));
      bits /= ALPHABET.length();
    }
    return text.toString();
  }
}
