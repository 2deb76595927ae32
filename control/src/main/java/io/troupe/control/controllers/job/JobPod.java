package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Pods;

/** A new pod of a Job. */
final class JobPod {
  private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

  private JobPod() {}

  /**
   * @param index completion index, -1 for none
   * @param replaced the failed pod of the index whose failure count is carried on; null for none
   */
  static ObjectNode of(JobSpec spec, String name, String prefix, int index, ObjectNode replaced) {
    ObjectNode job = spec.job();
    ObjectNode pod = Pods.fromTemplate(Json.at(job, "spec", "template"), Meta.namespace(job));
    ObjectNode metadata = (ObjectNode) pod.get("metadata");
    metadata.put("name", name).put("generateName", prefix);
    metadata.withArray("finalizers").add(JobSpec.FINALIZER);
    metadata.putArray("ownerReferences").add(Meta.controllerReference(Resources.JOBS, job));
    if (index >= 0) {
      String text = Integer.toString(index);
      Json.ensure(metadata, "annotations").put(Indexes.ANNOTATION, text);
      Json.ensure(metadata, "labels").put(Indexes.ANNOTATION, text);
      ObjectNode podSpec = (ObjectNode) pod.get("spec");
      podSpec.put("hostname", Meta.name(job) + "-" + index);
      addVariable(podSpec.path("containers"));
      addVariable(podSpec.path("initContainers"));
      if (spec.isPerIndex()) {
        carryFailures(spec, metadata, replaced);
      }
    }
    return pod;
  }

  private static void addVariable(JsonNode containers) {
    for (JsonNode container : containers) {
      ArrayNode variables = ((ObjectNode) container).withArray("env");
      for (JsonNode variable : variables) {
        if (Json.text(variable, "name").equals(INDEX_VARIABLE)) {
          return;
        }
      }
      ObjectNode variable = variables.addObject().put("name", INDEX_VARIABLE);
      variable
          .putObject("valueFrom")
          .putObject("fieldRef")
          .put("fieldPath", "metadata.labels['" + Indexes.ANNOTATION + "']");
    }
  }

  private static void carryFailures(JobSpec spec, ObjectNode metadata, ObjectNode replaced) {
    int failures = replaced == null ? 0 : FailureBackoff.ofIndex(replaced);
    int ignored = replaced == null ? 0 : FailureBackoff.ignoredOfIndex(replaced);
    if (replaced != null && FailurePolicy.judge(spec.job(), replaced).counts()) {
      failures++;
    } else if (replaced != null) {
      ignored++;
    }
    ObjectNode annotations = Json.ensure(metadata, "annotations");
    annotations.put("batch.kubernetes.io/job-index-failure-count", Integer.toString(failures));
    if (ignored > 0) {
      annotations.put(
          "batch.kubernetes.io/job-index-ignored-failure-count", Integer.toString(ignored));
    }
  }
}
