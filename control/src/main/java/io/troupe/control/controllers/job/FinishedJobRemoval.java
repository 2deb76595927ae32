package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes Jobs {@code ttlSecondsAfterFinished} after their end. */
public final class FinishedJobRemoval implements Controller {
  @Override
  public String name() {
    return "ttl-after-finished";
  }

  @Override
  public List<Input> inputs() {
    return List.of(Input.self(Resources.JOBS));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.JOBS, "existence after ttlSecondsAfterFinished"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.JOBS)
        .filter(job -> !Meta.isDeleting(job))
        .filter(job -> Json.at(job, "spec", "ttlSecondsAfterFinished").isNumber())
        .flatMap(job -> end(job).map(end -> remove(round, job, end)))
        .orElse(Plan.NOTHING);
  }

  private static Plan remove(Round round, ObjectNode job, Instant end) {
    Duration left = Duration.between(round.now(), end);
    if (left.isPositive()) {
      return Plan.NOTHING.againAfter(left);
    }
    String revision = Json.text(job, "metadata", "resourceVersion");
    return Plan.of(
        new Write.Delete(
            Resources.JOBS,
            Meta.namespace(job),
            Meta.name(job),
            new DeleteOptions(-1, "Foreground", Meta.uid(job), revision)));
  }

  private static Optional<Instant> end(ObjectNode job) {
    long seconds = Json.number(job, 0, "spec", "ttlSecondsAfterFinished");
    return Stream.of("Complete", "Failed")
        .flatMap(type -> Conditions.find(job, type).stream())
        .filter(c -> Json.text(c, "status").equals("True"))
        .flatMap(c -> Times.at(c, "lastTransitionTime").stream())
        .findFirst()
        .map(at -> at.plusSeconds(seconds));
  }
}
