package io.troupe.control.controllers.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Selectors;
import io.troupe.control.controllers.objects.Trees;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers the rules of ClusterRoles with an {@code aggregationRule}. */
public final class ClusterRoleAggregation implements Controller {
  @Override
  public String name() {
    return "clusterrole-aggregation";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        new Input(
            Resources.CLUSTER_ROLES,
            (change, view) ->
                view.list(Resources.CLUSTER_ROLES, "").stream()
                    .filter(role -> role.has("aggregationRule"))
                    .map(Key::of)
                    .toList()));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.CLUSTER_ROLES, "aggregated rules"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.CLUSTER_ROLES)
        .filter(role -> role.has("aggregationRule"))
        .map(role -> reconcile(round, role))
        .orElse(Plan.NOTHING);
  }

  private static Plan reconcile(Round round, ObjectNode role) {
    List<ObjectNode> others =
        round.view().list(Resources.CLUSTER_ROLES, "").stream()
            .filter(other -> !Meta.name(other).equals(Meta.name(role)))
            .sorted(Comparator.comparing(Meta::name))
            .toList();
    ArrayNode rules = Json.array();
    Set<String> known = new HashSet<>();
    for (JsonNode selector : Json.items(role, "aggregationRule", "clusterRoleSelectors")) {
      LabelSelector selects = Selectors.of(selector);
      others.stream()
          .filter(selects::matchesObject)
          .flatMap(other -> Json.items(other, "rules").stream())
          .filter(rule -> known.add(Trees.canonical(rule)))
          .forEach(rules::add);
    }
    JsonNode present = role.path("rules");
    boolean same = present.isEmpty() ? rules.isEmpty() : JsonEquality.same(present, rules);
    if (same) {
      return Plan.NOTHING;
    }
    ObjectNode patch = Json.object();
    patch
        .putObject("metadata")
        .put("resourceVersion", Json.text(role, "metadata", "resourceVersion"));
    patch.set("rules", rules);
    return Plan.of(Write.merge(Resources.CLUSTER_ROLES, role, patch));
  }
}
