package io.troupe.control.controllers.serviceaccount;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import java.util.List;
import java.util.function.Supplier;

/** Puts the API server's certificate authority into each namespace, and repairs it. */
public final class RootCaPublisher implements Controller {
  static final String NAME = "kube-root-ca.crt";
  private static final String DESCRIPTION =
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
          + " endpoints such as the internal service IP or kubernetes.default.svc. No other usage"
          + " is guaranteed across distributions of Kubernetes clusters.";

  private final Supplier<String> rootCaPem;

  /**
   * @param rootCaPem the certificates in PEM
   */
  public RootCaPublisher(Supplier<String> rootCaPem) {
    this.rootCaPem = rootCaPem;
  }

  @Override
  public String name() {
    return "root-ca-cert-publisher";
  }

  @Override
  public String component() {
    return name();
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.each(Resources.NAMESPACES, ns -> List.of(new Key(Meta.name(ns), NAME))),
        Input.each(
            Resources.CONFIG_MAPS,
            map -> Meta.name(map).equals(NAME) ? List.of(Key.of(map)) : List.of()));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.CONFIG_MAPS, "the ones named " + NAME));
  }

  @Override
  public Plan reconcile(Round round) {
    if (!Namespaces.isActive(round.view(), round.key().namespace())) {
      return Plan.NOTHING;
    }
    return round
        .find(Resources.CONFIG_MAPS)
        .map(this::repair)
        .orElseGet(() -> Plan.of(create(round.key().namespace())));
  }

  private Write create(String namespace) {
    ObjectNode map = Json.object();
    map.put("apiVersion", "v1").put("kind", "ConfigMap");
    ObjectNode metadata = map.putObject("metadata");
    metadata.put("namespace", namespace).put("name", NAME);
    metadata.putObject("annotations").put("kubernetes.io/description", DESCRIPTION);
    map.set("data", data());
    return new Write.Create(Resources.CONFIG_MAPS, map);
  }

  private Plan repair(ObjectNode present) {
    String described = Meta.annotations(present).getOrDefault("kubernetes.io/description", "");
    if (JsonEquality.same(present.get("data"), data()) && described.equals(DESCRIPTION)) {
      return Plan.NOTHING;
    }
    ObjectNode next = present.deepCopy();
    next.set("data", data());
    Json.ensure(next, "metadata", "annotations").put("kubernetes.io/description", DESCRIPTION);
    return Plan.of(Write.update(Resources.CONFIG_MAPS, next));
  }

  private ObjectNode data() {
    return Json.object().put("ca.crt", rootCaPem.get());
  }
}
