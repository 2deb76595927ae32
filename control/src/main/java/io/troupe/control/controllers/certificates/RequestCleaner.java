package io.troupe.control.controllers.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
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

/** Removes requests that are answered and an hour old, or unanswered and a day old. */
public final class RequestCleaner implements Controller {
  private static final Duration ANSWERED = Duration.ofHours(1);
  private static final Duration PENDING = Duration.ofHours(24);

  @Override
  public String name() {
    return "certificate-cleaner";
  }

  @Override
  public List<Input> inputs() {
    return List.of(Input.self(Resources.CERTIFICATE_SIGNING_REQUESTS));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.CERTIFICATE_SIGNING_REQUESTS, "end of life"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.CERTIFICATE_SIGNING_REQUESTS)
        .flatMap(csr -> end(csr).map(end -> clean(round, csr, end)))
        .orElse(Plan.NOTHING);
  }

  private static Plan clean(Round round, ObjectNode csr, Instant end) {
    Duration left = Duration.between(round.now(), end);
    return left.isPositive()
        ? Plan.NOTHING.againAfter(left)
        : Plan.of(Write.delete(Resources.CERTIFICATE_SIGNING_REQUESTS, csr));
  }

  private static Optional<Instant> end(JsonNode csr) {
    Optional<Instant> answered =
        Stream.of("Approved", "Denied", "Failed")
            .flatMap(type -> Conditions.find(csr, type).stream())
            .flatMap(c -> Times.at(c, "lastUpdateTime").stream())
            .max(Instant::compareTo)
            .filter(
                at ->
                    !Conditions.isTrue(csr, "Approved")
                        || !Json.text(csr, "status", "certificate").isEmpty());
    return answered
        .map(at -> at.plus(ANSWERED))
        .or(() -> Times.created(csr).map(at -> at.plus(PENDING)));
  }
}
