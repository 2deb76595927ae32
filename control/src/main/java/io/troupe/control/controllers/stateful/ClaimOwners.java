package io.troupe.control.controllers.stateful;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Owners;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom a claim follows into deletion (KEP-1847): the set, the pod that is scaled away, or nobody.
 */
final class ClaimOwners {
  private ClaimOwners() {}

  static List<Write> writes(ClusterView view, StatefulSpec spec, ObjectNode pod) {
    List<Write> writes = new ArrayList<>();
    for (ObjectNode wanted : StatefulPod.claims(spec, spec.ordinal(pod))) {
      view.find(Resources.PERSISTENT_VOLUME_CLAIMS, Meta.namespace(wanted), Meta.name(wanted))
          .filter(claim -> !Meta.isDeleting(claim))
          .ifPresent(
              claim -> {
                ArrayNode references = references(spec, pod, claim);
                JsonNode present = Json.at(claim, "metadata", "ownerReferences");
                boolean same =
                    present.isEmpty()
                        ? references.isEmpty()
                        : JsonEquality.same(present, references);
                if (!same) {
                  writes.add(
                      Owners.referencesPatch(
                          Resources.PERSISTENT_VOLUME_CLAIMS, claim, references));
                }
              });
    }
    return writes;
  }

  private static ArrayNode references(StatefulSpec spec, ObjectNode pod, ObjectNode claim) {
    ArrayNode references = Json.array();
    boolean hasOtherController = false;
    for (JsonNode reference : Json.items(claim, "metadata", "ownerReferences")) {
      String uid = Json.text(reference, "uid");
      if (!uid.equals(Meta.uid(spec.set())) && !uid.equals(Meta.uid(pod))) {
        references.add(reference);
        hasOtherController |= Json.flag(reference, false, "controller");
      }
    }
    if (hasOtherController) {
      return references;
    }
    boolean scaledAway = !spec.isInRange(spec.ordinal(pod));
    if (spec.deletesClaimsWhenScaled() && scaledAway) {
      references.add(Meta.controllerReference(Resources.PODS, pod));
    } else if (spec.deletesClaimsWithSet()) {
      references.add(Meta.controllerReference(Resources.STATEFUL_SETS, spec.set()));
    }
    return references;
  }
}
