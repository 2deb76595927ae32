package io.troupe.control.controllers.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps the EndpointSlices of services with a selector. */
public final class EndpointSliceController implements Controller {
  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String CONTROLLER = "endpointslice-controller.k8s.io";

  @Override
  public String name() {
    return "endpointslice";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.SERVICES),
        Input.each(Resources.ENDPOINT_SLICES, EndpointSliceController::serviceOf),
        Backends.podsOfServices(),
        Backends.nodesOfServices());
  }

  private static List<Key> serviceOf(ObjectNode slice) {
    return isManaged(slice)
        ? List.of(new Key(Meta.namespace(slice), Meta.labels(slice).get(SERVICE_NAME)))
        : List.of();
  }

  private static boolean isManaged(ObjectNode slice) {
    var labels = Meta.labels(slice);
    return CONTROLLER.equals(labels.get(MANAGED_BY)) && labels.containsKey(SERVICE_NAME);
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.ENDPOINT_SLICES, "managed by " + CONTROLLER));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.SERVICES)
        .filter(service -> !Meta.isDeleting(service))
        .map(service -> reconcile(round, service))
        .orElse(Plan.NOTHING);
  }

  private static Plan reconcile(Round round, ObjectNode service) {
    if (!Backends.isSelecting(service)) {
      return Plan.NOTHING;
    }
    List<ObjectNode> slices =
        round.view().list(Resources.ENDPOINT_SLICES, Meta.namespace(service)).stream()
            .filter(EndpointSliceController::isManaged)
            .filter(s -> Meta.labels(s).get(SERVICE_NAME).equals(Meta.name(service)))
            .filter(s -> !Meta.isDeleting(s))
            .toList();
    Set<String> families = families(service);
    List<Write> writes = new ArrayList<>();
    for (String family : families) {
      List<ObjectNode> ofFamily =
          slices.stream().filter(s -> Json.text(s, "addressType").equals(family)).toList();
      writes.addAll(new SlicePlan(round, service, family).writes(ofFamily));
    }
    slices.stream()
        .filter(s -> !families.contains(Json.text(s, "addressType")))
        .forEach(s -> writes.add(Write.delete(Resources.ENDPOINT_SLICES, s)));
    return Plan.of(writes);
  }

  /** {@code IPv4}, {@code IPv6}: as the service states, else what its address shows, else both. */
  private static Set<String> families(ObjectNode service) {
    Set<String> families = new LinkedHashSet<>();
    Json.items(service, "spec", "ipFamilies").stream().map(JsonNode::asText).forEach(families::add);
    if (families.isEmpty() && !Backends.isHeadless(service)) {
      families.add(Backends.isIpv6(Json.text(service, "spec", "clusterIP")) ? "IPv6" : "IPv4");
    }
    return families.isEmpty() ? Set.of("IPv4", "IPv6") : families;
  }
}
