package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.SubresourceRule;

/** The {@code scale} of a controller: its number of replicas, as autoscaling/v1 shows it. */
final class Scale implements SubresourceRule {

  @Override
  public boolean hasOwnKind() {
    return true;
  }

  @Override
  public ObjectNode view(ObjectNode object, Facts facts) {
    ObjectNode scale = Json.object();
    scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        java.util.List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      JsonNode value = Json.at(object, "metadata", field);
      if (!value.isMissingNode()) {
        metadata.set(field, value);
      }
    }
    scale.putObject("spec").put("replicas", (int) Json.number(object, 0, "spec", "replicas"));
    ObjectNode status = scale.putObject("status");
    status.put("replicas", (int) Json.number(object, 0, "status", "replicas"));
    String selector = selector(Json.at(object, "spec", "selector"));
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  private static String selector(JsonNode selector) {
    boolean plain =
        selector.isObject() && !selector.has("matchLabels") && !selector.has("matchExpressions");
    String shown = plain ? Selectors.shownLabels(selector) : Selectors.shown(selector);
    return shown.equals("<none>") ? "" : shown;
  }

  @Override
  public ObjectNode write(ObjectNode scale, ObjectNode old, Facts facts) {
    long replicas = Json.number(scale, 0, "spec", "replicas");
    if (replicas < 0) {
      Errors errors = new Errors();
      errors.invalid(
          FieldPath.of("spec", "replicas"), replicas, "must be greater than or equal to 0");
      throw new RefusedException(errors.refusal("autoscaling", "Scale", Meta.name(old)));
    }
    ObjectNode object = old.deepCopy();
    Json.ensure(object, "spec").put("replicas", (int) replicas);
    return object;
  }
}
