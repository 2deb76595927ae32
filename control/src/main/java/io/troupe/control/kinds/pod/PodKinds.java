package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** Pod and PodTemplate. */
public final class PodKinds {
  private PodKinds() {}

  public static List<Strategy> all() {
    return List.of(pod(), podTemplate());
  }

  private static Strategy pod() {
    Strategy.Builder pod =
        Strategy.of("", "Pod")
            .defaults(PodDefaults::pod)
            .generation()
            .prepareCreate(PodPreparation::create)
            .prepareStatus(PodPreparation::status)
            .validate(PodKinds::create)
            .validateUpdate(PodUpdateCheck::check)
            .validateStatus(PodStatusCheck::check)
            .grace(PodKinds::grace)
            .columns(PodColumns.COLUMNS)
            .subresource("binding", new Binding())
            .subresource("ephemeralcontainers", new EphemeralContainers())
            .subresource("resize", new Resize());
    for (String path :
        List.of(
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.nominatedNodeName")) {
      String[] steps = path.split("\\.");
      pod.selectable(path, o -> Json.text(o, steps));
    }
    return pod.selectable("spec.hostNetwork", o -> "" + Json.flag(o, false, "spec", "hostNetwork"))
        .selectable("status.podIP", PodKinds::podIp)
        .build();
  }

  private static String podIp(JsonNode pod) {
    String first = Json.text(pod.path("status").path("podIPs").path(0), "ip");
    return first.isEmpty() ? Json.text(pod, "status", "podIP") : first;
  }

  private static void create(ObjectNode pod, Errors errors) {
    PodSpecCheck.pod(pod, errors);
    At spec = At.spec(pod, errors);
    spec.mayNot("ephemeralContainers", "cannot be set on create");
    if (!spec.lacks("nodeName") && !spec.lacks("schedulingGates")) {
      errors.forbidden(
          FieldPath.of("spec", "nodeName"),
          "cannot be set until all schedulingGates have been cleared");
    }
  }

  /** Unscheduled and finished pods go at once. */
  private static long grace(ObjectNode pod, DeleteOptions options) {
    String phase = Json.text(pod, "status", "phase");
    if (Json.text(pod, "spec", "nodeName").isEmpty()
        || phase.equals("Failed")
        || phase.equals("Succeeded")) {
      return 0;
    }
    return options.gracePeriodSeconds() >= 0
        ? options.gracePeriodSeconds()
        : Math.max(0, Json.number(pod, 0, "spec", "terminationGracePeriodSeconds"));
  }

  private static Strategy podTemplate() {
    return Strategy.of("", "PodTemplate")
        .defaults(t -> PodDefaults.template(Json.ensure(t, "template")))
        .generation((a, b) -> !Same.equal(a, b, "template"))
        .validate((t, errors) -> TemplateCheck.template(At.top(t, "template", errors)))
        .columns(
            Columns.of("Name", "Containers", "Images", "Pod Labels")
                .row(
                    (t, now, row) -> {
                      JsonNode template = t.path("template");
                      row.add(ContainerCells.names(template));
                      row.add(ContainerCells.images(template));
                      row.add(Selectors.shownLabels(Json.at(template, "metadata", "labels")));
                    }))
        .build();
  }
}
