package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.List;

/** The strategies of this package. */
public final class CoreKinds {
  private CoreKinds() {}

  public static List<Strategy> all() {
    return List.of(
        ConfigMaps.strategy(),
        Secrets.strategy(),
        Namespaces.strategy(),
        Nodes.strategy(),
        Events.strategy(""),
        Events.strategy("events.k8s.io"),
        Limits.limitRange(),
        Limits.resourceQuota(),
        serviceAccount(),
        lease());
  }

  private static Strategy serviceAccount() {
    return Strategy.of("", "ServiceAccount")
        .columns(Columns.of("Name", "Age").row((a, now, row) -> row.add(Columns.age(a, now))))
        .build();
  }

  private static Strategy lease() {
    return Strategy.of("coordination.k8s.io", "Lease")
        .with(Trait.CREATE_ON_UPDATE)
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .validate(CoreKinds::validateLease)
        .columns(
            Columns.of("Name", "Holder", "Age")
                .row(
                    (l, now, row) -> {
                      row.add(Json.text(l, "spec", "holderIdentity"));
                      row.add(Columns.age(l, now));
                    }))
        .build();
  }

  private static void validateLease(ObjectNode lease, Errors errors) {
    At spec = At.spec(lease, errors);
    if (spec.has("leaseDurationSeconds") && spec.number("leaseDurationSeconds", 1) <= 0) {
      spec.invalid("leaseDurationSeconds", "must be greater than 0");
    }
    if (spec.has("leaseTransitions") && spec.number("leaseTransitions", 0) < 0) {
      spec.invalid("leaseTransitions", "must be greater than or equal to 0");
    }
    if (spec.has("holderIdentity") && spec.text("holderIdentity").isEmpty()) {
      errors.required(spec.at("holderIdentity"), "must not be empty");
    }
    if (spec.has("preferredHolder") && spec.lacks("strategy")) {
      spec.forbidden("preferredHolder", "can only be specified when strategy is defined");
    }
  }
}
