package io.troupe.control.controllers.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import java.util.List;
import java.util.Optional;

/** Keeps the Endpoints of services with a selector. */
public final class EndpointsController implements Controller {
  static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
  private static final String CONTROLLER = "endpoint-controller";
  private static final String HEADLESS = "service.kubernetes.io/headless";
  private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

  @Override
  public String name() {
    return "endpoint";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.SERVICES), Input.self(Resources.ENDPOINTS), Backends.podsOfServices());
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.ENDPOINTS, "of services with a selector"));
  }

  @Override
  public Plan reconcile(Round round) {
    Optional<ObjectNode> present = round.find(Resources.ENDPOINTS);
    Optional<ObjectNode> service = round.find(Resources.SERVICES);
    if (service.isEmpty()) {
      return present
          .filter(e -> CONTROLLER.equals(Meta.labels(e).get(MANAGED_BY)))
          .map(e -> Plan.of(Write.delete(Resources.ENDPOINTS, e)))
          .orElse(Plan.NOTHING);
    }
    if (Meta.isDeleting(service.get()) || !Backends.isSelecting(service.get())) {
      return Plan.NOTHING;
    }
    ArrayNode subsets = new Subsets(service.get()).of(Backends.pods(round.view(), service.get()));
    boolean isWhole = Subsets.truncate(subsets);
    return present
        .map(endpoints -> update(endpoints, service.get(), subsets, isWhole))
        .orElseGet(() -> Plan.of(create(service.get(), subsets, isWhole)));
  }

  private static Write create(ObjectNode service, ArrayNode subsets, boolean isWhole) {
    ObjectNode endpoints = Json.object();
    endpoints.put("apiVersion", "v1").put("kind", "Endpoints");
    endpoints
        .putObject("metadata")
        .put("namespace", Meta.namespace(service))
        .put("name", Meta.name(service));
    return new Write.Create(Resources.ENDPOINTS, fill(endpoints, service, subsets, isWhole));
  }

  private static Plan update(
      ObjectNode present, ObjectNode service, ArrayNode subsets, boolean isWhole) {
    ObjectNode next = fill(present.deepCopy(), service, subsets, isWhole);
    JsonNode before = present.path("subsets");
    boolean sameSubsets = before.isEmpty() ? subsets.isEmpty() : JsonEquality.same(before, subsets);
    boolean sameMeta = JsonEquality.same(present.path("metadata"), next.path("metadata"));
    return sameSubsets && sameMeta
        ? Plan.NOTHING
        : Plan.of(Write.update(Resources.ENDPOINTS, next));
  }

  private static ObjectNode fill(
      ObjectNode endpoints, ObjectNode service, ArrayNode subsets, boolean isWhole) {
    ObjectNode metadata = Json.ensure(endpoints, "metadata");
    ObjectNode labels = Json.object();
    Meta.labels(service).forEach(labels::put);
    labels.remove(HEADLESS);
    if (Backends.isHeadless(service)) {
      labels.put(HEADLESS, "");
    }
    metadata.set("labels", labels.put(MANAGED_BY, CONTROLLER));
    if (!isWhole) {
      Json.ensure(metadata, "annotations").put(OVER_CAPACITY, "truncated");
    } else if (metadata.get("annotations") instanceof ObjectNode annotations) {
      annotations.remove(OVER_CAPACITY);
    }
    if (subsets.isEmpty()) {
      endpoints.remove("subsets");
    } else {
      endpoints.set("subsets", subsets);
    }
    return endpoints;
  }
}
