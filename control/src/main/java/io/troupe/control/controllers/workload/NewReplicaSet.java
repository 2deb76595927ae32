package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.TemplateHash;

/** The ReplicaSet of a Deployment's present template. */
final class NewReplicaSet {
  private NewReplicaSet() {}

  static ObjectNode of(ObjectNode deployment, DeploymentSpec spec, String name, String hash) {
    ObjectNode template = Json.at(deployment, "spec", "template").deepCopy();
    ObjectNode labels = Json.ensure(template, "metadata", "labels");
    labels.put(TemplateHash.LABEL, hash);
    JsonNode selector = Json.at(deployment, "spec", "selector").deepCopy();
    Json.ensure((ObjectNode) selector, "matchLabels").put(TemplateHash.LABEL, hash);

    ObjectNode set = Json.object();
    set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode metadata = set.putObject("metadata");
    metadata.put("namespace", Meta.namespace(deployment)).put("name", name);
    metadata.set("labels", labels.deepCopy());
    metadata
        .putArray("ownerReferences")
        .add(Meta.controllerReference(Resources.DEPLOYMENTS, deployment));
    ObjectNode body = set.putObject("spec");
    if (spec.minReadySeconds() > 0) {
      body.put("minReadySeconds", spec.minReadySeconds());
    }
    body.set("selector", selector);
    body.set("template", template);
    return set;
  }
}
