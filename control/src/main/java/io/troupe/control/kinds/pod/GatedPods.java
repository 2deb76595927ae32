package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Same;
import java.util.List;
import java.util.Map;

/** While a pod is gated, its node selector and affinity may become narrower (KEP-3838). */
final class GatedPods {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

  private GatedPods() {}

  static void check(At spec, JsonNode old) {
    for (Map.Entry<String, JsonNode> held : old.path("nodeSelector").properties()) {
      if (!Same.equal(held.getValue(), Json.at(spec.node(), "nodeSelector", held.getKey()))) {
        spec.invalid(
            "nodeSelector",
            "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        return;
      }
    }
    affinity(spec, old);
  }

  private static void affinity(At spec, JsonNode old) {
    JsonNode held = Json.at(old, "affinity", "nodeAffinity", REQUIRED);
    At now = spec.child("affinity").child("nodeAffinity");
    if (held.isMissingNode()) {
      return;
    }
    List<JsonNode> before = Json.items(held, "nodeSelectorTerms");
    List<JsonNode> after = Json.items(now.node(), REQUIRED, "nodeSelectorTerms");
    At terms = now.child(REQUIRED).child("nodeSelectorTerms");
    if (!before.isEmpty() && before.size() != after.size()) {
      terms
          .errors()
          .invalid(
              terms.path(),
              terms.node(),
              "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
      return;
    }
    for (int i = 0; i < before.size(); i++) {
      if (!onlyAdds(after.get(i), before.get(i))) {
        terms
            .errors()
            .invalid(
                terms.path().index(i),
                after.get(i),
                "only additions are allowed (no mutations or deletions)");
      }
    }
  }

  private static boolean onlyAdds(JsonNode after, JsonNode before) {
    for (String list : List.of("matchExpressions", "matchFields")) {
      for (JsonNode held : Json.items(before, list)) {
        if (Json.items(after, list).stream().noneMatch(n -> Same.equal(n, held))) {
          return false;
        }
      }
    }
    return true;
  }
}
