package io.troupe.control.controllers.stateful;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.history.RevisionHistory;
import io.troupe.control.controllers.objects.Pods;
import java.util.ArrayList;
import java.util.List;

/** The pod and the claims of one ordinal. */
final class StatefulPod {
  private StatefulPod() {}

  static ObjectNode of(StatefulSpec spec, int ordinal, ObjectNode revision) {
    ObjectNode set = spec.set();
    ObjectNode pod = Pods.fromTemplate(RevisionHistory.template(revision), Meta.namespace(set));
    String name = spec.podName(ordinal);
    ObjectNode metadata = (ObjectNode) pod.get("metadata");
    metadata.put("name", name).put("generateName", Meta.name(set) + "-");
    Json.ensure(metadata, "labels")
        .put("statefulset.kubernetes.io/pod-name", name)
        .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
        .put(RevisionHistory.POD_LABEL, Meta.name(revision));
    metadata
        .putArray("ownerReferences")
        .add(Meta.controllerReference(Resources.STATEFUL_SETS, set));
    ObjectNode podSpec = (ObjectNode) pod.get("spec");
    podSpec.put("hostname", name);
    String service = Json.text(set, "spec", "serviceName");
    if (!service.isEmpty()) {
      podSpec.put("subdomain", service);
    }
    addVolumes(set, name, podSpec);
    return pod;
  }

  /** Volumes of the template that have the name of a claim give way to the claim. */
  private static void addVolumes(ObjectNode set, String podName, ObjectNode podSpec) {
    List<JsonNode> templates = Json.items(set, "spec", "volumeClaimTemplates");
    if (templates.isEmpty()) {
      return;
    }
    ArrayNode volumes = Json.array();
    for (JsonNode template : templates) {
      ObjectNode volume = volumes.addObject();
      volume.put("name", Meta.name(template));
      volume
          .putObject("persistentVolumeClaim")
          .put("claimName", Meta.name(template) + "-" + podName);
    }
    Json.items(podSpec, "volumes").stream()
        .filter(v -> templates.stream().noneMatch(t -> Meta.name(t).equals(Json.text(v, "name"))))
        .forEach(volumes::add);
    podSpec.set("volumes", volumes);
  }

  static List<ObjectNode> claims(StatefulSpec spec, int ordinal) {
    List<ObjectNode> claims = new ArrayList<>();
    for (JsonNode template : Json.items(spec.set(), "spec", "volumeClaimTemplates")) {
      ObjectNode claim = template.deepCopy();
      claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
      claim.remove("status");
      ObjectNode metadata = Json.ensure(claim, "metadata");
      metadata.put("name", Meta.name(template) + "-" + spec.podName(ordinal));
      metadata.put("namespace", Meta.namespace(spec.set()));
      ObjectNode labels = Json.ensure(metadata, "labels");
      Meta.texts(Json.at(spec.set(), "spec", "selector", "matchLabels")).forEach(labels::put);
      if (spec.deletesClaimsWithSet()) {
        metadata
            .putArray("ownerReferences")
            .add(Meta.controllerReference(Resources.STATEFUL_SETS, spec.set()));
      }
      claims.add(claim);
    }
    return claims;
  }

  static String revision(JsonNode pod) {
    return Meta.labels(pod).getOrDefault(RevisionHistory.POD_LABEL, "");
  }
}
