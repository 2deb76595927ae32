package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.SubresourceRule;

/** {@code pods/ephemeralcontainers}: adds debug containers to a running pod (KEP-277). */
final class EphemeralContainers implements SubresourceRule {

  @Override
  public ObjectNode write(ObjectNode body, ObjectNode old, Facts facts) {
    ObjectNode pod = old.deepCopy();
    JsonNode wanted = Json.at(body, "spec", "ephemeralContainers");
    ObjectNode spec = Json.ensure(pod, "spec");
    if (wanted.isMissingNode()) {
      spec.remove("ephemeralContainers");
    } else {
      spec.set("ephemeralContainers", wanted);
    }
    JsonNode managed = Json.at(body, "metadata", "managedFields");
    if (!managed.isMissingNode()) {
      Json.ensure(pod, "metadata").set("managedFields", managed);
    }
    return pod;
  }

  @Override
  public void check(ObjectNode pod, ObjectNode old, Errors errors) {
    if (Meta.annotations(old).containsKey("kubernetes.io/config.mirror")) {
      errors.forbidden(FieldPath.of(""), "static pods do not support ephemeral containers");
      return;
    }
    PodSpecCheck.pod(pod, errors);
    At list = At.spec(pod, errors).child("ephemeralContainers");
    for (JsonNode held : Json.items(old, "spec", "ephemeralContainers")) {
      String name = Errors.quote(Json.text(held, "name"));
      JsonNode now =
          Json.items(list.node()).stream()
              .filter(c -> Same.equal(c, held, "name"))
              .findFirst()
              .orElse(null);
      if (now == null) {
        errors.forbidden(
            list.path(), "existing ephemeral containers " + name + " may not be removed\n");
      } else if (!Same.equal(now, held)) {
        errors.forbidden(
            list.path(),
            "existing ephemeral containers "
                + name
                + " may not be changed\n"
                + PodUpdateCheck.difference(held, now));
      }
    }
  }
}
