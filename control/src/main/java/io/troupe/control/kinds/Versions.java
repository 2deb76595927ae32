package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.core.EventVersions;
import io.troupe.control.kinds.policy.AutoscalerVersions;

/** Objects between the version of a request and the stored one. */
public final class Versions {
  private Versions() {}

  /** The stored form as the kind's version shows it; the same tree when there is nothing to do. */
  public static ObjectNode toRequested(Kind kind, ObjectNode stored) {
    return convert(kind, stored, kind.resource().apiVersion());
  }

  /** The form to store of a tree in the kind's version. */
  public static ObjectNode toStored(Kind kind, ObjectNode object) {
    return convert(kind, object, kind.storedVersion());
  }

  private static ObjectNode convert(Kind kind, ObjectNode object, String target) {
    if (Json.text(object, "apiVersion").equals(target)) {
      return object;
    }
    return switch (kind.resource().kind()) {
      case "Event" -> EventVersions.convert(object, target);
      case "HorizontalPodAutoscaler" -> AutoscalerVersions.convert(object, target);
      default -> relabeled(object, target);
    };
  }

  /** Versions that differ in nothing but their name. */
  private static ObjectNode relabeled(ObjectNode object, String target) {
    ObjectNode relabeled = Json.object();
    relabeled.setAll(object);
    relabeled.put("apiVersion", target);
    return relabeled;
  }
}
