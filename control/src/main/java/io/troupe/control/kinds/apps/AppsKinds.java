package io.troupe.control.kinds.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;
import java.util.Locale;

/** The strategies of this package. */
public final class AppsKinds {
  private AppsKinds() {}

  public static List<Strategy> all() {
    return List.of(
        Deployments.strategy(),
        ReplicaSets.replicaSet(),
        ReplicaSets.replicationController(),
        StatefulSets.strategy(),
        DaemonSets.strategy(),
        controllerRevision());
  }

  private static Strategy controllerRevision() {
    return Strategy.of("apps", "ControllerRevision")
        .validate(AppsKinds::revision)
        .alsoOnUpdate((r, old, e) -> At.root(r, e).immutable("data", old))
        .columns(
            Columns.of("Name", "Controller", "Revision", "Age")
                .row(
                    (r, now, row) -> {
                      row.add(controller(r));
                      row.add(Json.number(r, 0, "revision"));
                      row.add(Columns.age(r, now));
                    }))
        .build();
  }

  private static void revision(ObjectNode revision, Errors errors) {
    At root = At.root(revision, errors);
    root.nonNegative("revision");
    if (!root.has("data")) {
      errors.required(FieldPath.of("data"), "data is mandatory");
    }
  }

  private static String controller(ObjectNode revision) {
    return Meta.controllerOf(revision)
        .map(
            owner -> {
              String version = Json.text(owner, "apiVersion");
              int slash = version.indexOf('/');
              String kind = Json.text(owner, "kind").toLowerCase(Locale.ROOT);
              String group = slash < 0 ? "" : "." + version.substring(0, slash);
              return kind + group + "/" + Json.text(owner, "name");
            })
        .orElse("<none>");
  }
}
