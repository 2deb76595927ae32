package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.strategy.Facts;
import java.util.Comparator;

/** The default storage class of claims, and finalizers that protect storage in use. */
final class StorageDefaults {
  static final Resource STORAGE_CLASSES =
      new Resource("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);

  private StorageDefaults() {}

  static void admitClaim(ObjectNode claim, Facts facts) {
    ObjectNode spec = Json.ensure(claim, "spec");
    if (!Fill.isAbsent(spec, "storageClassName")
        || Meta.annotations(claim).containsKey("volume.beta.kubernetes.io/storage-class")) {
      return;
    }
    facts.world().list(STORAGE_CLASSES, "").stream()
        .filter(StorageDefaults::isDefault)
        .min(
            Comparator.comparing((ObjectNode c) -> Json.text(c, "metadata", "creationTimestamp"))
                .reversed()
                .thenComparing(Meta::name))
        .ifPresent(c -> spec.put("storageClassName", Meta.name(c)));
  }

  private static boolean isDefault(JsonNode storageClass) {
    var annotations = Meta.annotations(storageClass);
    return "true".equals(annotations.get("storageclass.kubernetes.io/is-default-class"))
        || "true".equals(annotations.get("storageclass.beta.kubernetes.io/is-default-class"));
  }

  static void protect(ObjectNode object, String finalizer) {
    ArrayNode finalizers = Fill.list(Json.ensure(object, "metadata"), "finalizers");
    for (JsonNode held : finalizers) {
      if (held.asText().equals(finalizer)) {
        return;
      }
    }
    finalizers.add(finalizer);
  }
}
