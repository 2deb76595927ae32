package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import java.util.List;

/** The numbers of pods in the status of a controller. */
final class Counts {
  private Counts() {}

  static void nonNegative(At status, List<String> fields) {
    fields.forEach(status::nonNegative);
  }

  /** Nothing can be more than all. */
  static void withinReplicas(At status, List<String> fields, String notMoreThanReady) {
    long replicas = status.number("replicas", 0);
    for (String field : fields) {
      if (status.number(field, 0) > replicas) {
        status.invalid(field, "cannot be greater than status.replicas");
      }
    }
    if (status.number("availableReplicas", 0) > status.number("readyReplicas", 0)) {
      status.invalid("availableReplicas", notMoreThanReady);
    }
  }

  static void collisions(ObjectNode object, ObjectNode old, Errors errors) {
    At status = At.status(object, errors);
    if (At.status(old, errors).number("collisionCount", 0) > status.number("collisionCount", 0)) {
      status
          .errors()
          .invalid(
              status.at("collisionCount"),
              status.number("collisionCount", 0),
              "cannot be decremented");
    }
  }
}
