package io.troupe.control.controllers.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.ServedResources;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.quota.Consumption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Counts what a namespace uses of each of its quotas. */
public final class ResourceQuotaController implements Controller {
  /** Pods that are stuck in deletion stop to count without any change; upstream's period. */
  private static final Duration RECOUNT = Duration.ofMinutes(5);

  /** Types whose charge depends on more than that they exist. */
  private static final Set<String> CHANGING = Set.of("pods", "services", "persistentvolumeclaims");

  private final ServedResources served;

  public ResourceQuotaController(ServedResources served) {
    this.served = served;
  }

  @Override
  public String name() {
    return "resourcequota";
  }

  @Override
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    inputs.add(
        new Input(
            Resources.RESOURCE_QUOTAS,
            (change, view) -> quotas(Meta.namespace(change.object()), view, change)));
    for (Resource type : counted()) {
      if (!type.type().equals(Resources.RESOURCE_QUOTAS.type())) {
        inputs.add(new Input(type, (change, view) -> touched(change, view)));
      }
    }
    return inputs;
  }

  private List<Resource> counted() {
    return served.namespaced().stream().filter(ResourceQuotaController::isCounted).toList();
  }

  /** Events are never charged. */
  private static boolean isCounted(Resource type) {
    return !type.plural().equals("events");
  }

  private static List<Key> touched(ObjectChange change, ClusterView view) {
    boolean present = change.before() != null && change.after() != null;
    if (present && !CHANGING.contains(change.type().plural())) {
      return List.of();
    }
    return quotas(Meta.namespace(change.object()), view, null);
  }

  private static List<Key> quotas(String namespace, ClusterView view, ObjectChange itself) {
    List<Key> keys = new ArrayList<>();
    if (itself != null) {
      keys.add(Key.of(itself.object()));
    }
    view.list(Resources.RESOURCE_QUOTAS, namespace).forEach(quota -> keys.add(Key.of(quota)));
    return keys;
  }

  @Override
  public List<Output> outputs() {
    return List.of(Output.status(Resources.RESOURCE_QUOTAS));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.RESOURCE_QUOTAS)
        .map(
            quota ->
                Plan.of(Statuses.write(Resources.RESOURCE_QUOTAS, quota, status(quota, round))))
        .map(plan -> plan.againAfter(RECOUNT))
        .orElse(Plan.NOTHING);
  }

  private ObjectNode status(ObjectNode quota, Round round) {
    ObjectNode status = Json.object();
    ObjectNode hard = status.putObject("hard");
    Json.at(quota, "spec", "hard").properties().forEach(e -> hard.set(e.getKey(), e.getValue()));
    ObjectNode used = status.putObject("used");
    Consumption.of(quota, counted(), round.view(), round.now())
        .forEach((name, amount) -> used.put(name, amount.toString()));
    return status;
  }
}
