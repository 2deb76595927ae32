package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.strategy.Facts;
import java.util.Comparator;

/** Gives an Ingress without class the default one. */
final class IngressDefaults {
  private static final Resource INGRESS_CLASSES =
      new Resource("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);

  private IngressDefaults() {}

  static void admit(ObjectNode ingress, Facts facts) {
    ObjectNode spec = Json.ensure(ingress, "spec");
    if (!Fill.isAbsent(spec, "ingressClassName")
        || Meta.annotations(ingress).containsKey("kubernetes.io/ingress.class")) {
      return;
    }
    facts.world().list(INGRESS_CLASSES, "").stream()
        .filter(
            c ->
                "true"
                    .equals(Meta.annotations(c).get("ingressclass.kubernetes.io/is-default-class")))
        .min(
            Comparator.comparing((ObjectNode c) -> Json.text(c, "metadata", "creationTimestamp"))
                .reversed()
                .thenComparing(Meta::name))
        .ifPresent(c -> spec.put("ingressClassName", Meta.name(c)));
  }
}
