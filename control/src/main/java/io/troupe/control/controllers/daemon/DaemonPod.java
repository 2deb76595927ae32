package io.troupe.control.controllers.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.history.RevisionHistory;
import io.troupe.control.controllers.objects.Pods;
import java.util.List;

/** A daemon's pod for one node. */
final class DaemonPod {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

  private DaemonPod() {}

  static ObjectNode of(ObjectNode set, String node, String hash, String name) {
    ObjectNode pod = Pods.fromTemplate(Json.at(set, "spec", "template"), Meta.namespace(set));
    ObjectNode metadata = (ObjectNode) pod.get("metadata");
    metadata.put("name", name).put("generateName", Meta.name(set) + "-");
    ObjectNode labels = Json.ensure(metadata, "labels");
    labels.put(RevisionHistory.POD_LABEL, hash);
    String generation = Meta.annotations(set).get("deprecated.daemonset.template.generation");
    if (generation != null) {
      labels.put("pod-template-generation", generation);
    }
    metadata.putArray("ownerReferences").add(Meta.controllerReference(Resources.DAEMON_SETS, set));
    ObjectNode spec = (ObjectNode) pod.get("spec");
    spec.set("tolerations", NodeFit.tolerations(spec));
    pinTo(node, spec);
    return pod;
  }

  /** Required node affinity by name takes the place of any other; that one was checked already. */
  private static void pinTo(String node, ObjectNode spec) {
    ArrayNode terms =
        Json.ensure(spec, "affinity", "nodeAffinity", REQUIRED).putArray("nodeSelectorTerms");
    ObjectNode field = terms.addObject().putArray("matchFields").addObject();
    field.put("key", "metadata.name").put("operator", "In").putArray("values").add(node);
  }

  /** The node that a pod runs on or is meant for; "" when that cannot be told. */
  static String node(JsonNode pod) {
    if (!Pods.nodeName(pod).isEmpty()) {
      return Pods.nodeName(pod);
    }
    JsonNode terms =
        Json.at(pod, "spec", "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms");
    for (JsonNode term : terms) {
      for (JsonNode field : Json.items(term, "matchFields")) {
        List<JsonNode> values = Json.items(field, "values");
        if (Json.text(field, "key").equals("metadata.name") && values.size() == 1) {
          return values.getFirst().asText();
        }
      }
    }
    return "";
  }

  static boolean isOf(JsonNode pod, String hash) {
    return hash.equals(Meta.labels(pod).get(RevisionHistory.POD_LABEL));
  }
}
