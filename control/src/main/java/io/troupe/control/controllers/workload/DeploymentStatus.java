package io.troupe.control.controllers.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A Deployment's next status: counts, and the conditions Available, Progressing, ReplicaFailure.
 */
final class DeploymentStatus {
  private static final String PROGRESSING = "Progressing";

  private final ObjectNode deployment;
  private final Instant now;
  private final DeploymentSpec spec;
  private final ObjectNode draft;

  DeploymentStatus(ObjectNode deployment, Instant now) {
    this.deployment = deployment;
    this.now = now;
    this.spec = new DeploymentSpec(deployment);
    this.draft = Statuses.draft(deployment);
  }

  // --- what the steps of a rollout tell

  Integer collisions() {
    return draft.has("collisionCount") ? (Integer) draft.get("collisionCount").intValue() : null;
  }

  void addCollision() {
    draft.put("collisionCount", Json.number(draft, 0, "collisionCount") + 1);
  }

  /** A pause stops the clock of the progress deadline; a resume starts it anew. */
  void markPaused(DeploymentSpec spec) {
    String reason = reason();
    if (spec.progressDeadline().isEmpty() || reason.equals("ProgressDeadlineExceeded")) {
      return;
    }
    boolean known = reason.equals("DeploymentPaused");
    if (spec.isPaused() && !known) {
      set(new Condition(PROGRESSING, "Unknown", "DeploymentPaused", "Deployment is paused"));
    } else if (!spec.isPaused() && known) {
      set(new Condition(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed"));
    }
  }

  void markCreated(DeploymentSpec spec, String set) {
    progressing(spec, true, "NewReplicaSetCreated", "Created new replica set \"" + set + "\"");
  }

  void markCreateFailed(DeploymentSpec spec, String set, String why) {
    String message = "Failed to create new replica set \"" + set + "\": " + why;
    progressing(spec, false, "ReplicaSetCreateError", message);
  }

  void markFound(DeploymentSpec spec, String set) {
    if (Conditions.findIn(draft, PROGRESSING).isEmpty()) {
      progressing(spec, true, "FoundNewReplicaSet", "Found new replica set \"" + set + "\"");
    }
  }

  private void progressing(DeploymentSpec spec, boolean is, String reason, String message) {
    if (spec.progressDeadline().isPresent()) {
      set(Condition.of(PROGRESSING, is, reason, message));
    }
  }

  // --- the next status

  /** The present status says that everything runs, and of the present template. */
  boolean isComplete(DeploymentSpec spec) {
    return isComplete(spec, Json.at(deployment, "status"));
  }

  private boolean isComplete(DeploymentSpec spec, JsonNode status) {
    return Json.number(status, 0, "updatedReplicas") == spec.replicas()
        && Json.number(status, 0, "replicas") == spec.replicas()
        && Json.number(status, 0, "availableReplicas") == spec.replicas()
        && Json.number(status, 0, "observedGeneration") >= Meta.generation(deployment);
  }

  ObjectNode next(List<ObjectNode> all, ObjectNode current, boolean isRollout) {
    count(all, current);
    setAvailable();
    if (isRollout) {
      if (spec.progressDeadline().isEmpty()) {
        Conditions.remove(draft, PROGRESSING);
      } else {
        setProgress(current);
      }
      setReplicaFailure(all, current);
    }
    return draft;
  }

  List<Write> write(ObjectNode next) {
    return Statuses.write(Resources.DEPLOYMENTS, deployment, next);
  }

  private void count(List<ObjectNode> all, ObjectNode current) {
    int available = Sets.sum(all, "status", "availableReplicas");
    put("observedGeneration", Meta.generation(deployment));
    put("replicas", Sets.sum(all, "status", "replicas"));
    put("updatedReplicas", current == null ? 0 : Json.number(current, 0, "status", "replicas"));
    put("readyReplicas", Sets.sum(all, "status", "readyReplicas"));
    put("availableReplicas", available);
    put("unavailableReplicas", Math.max(0, Sets.wanted(all) - available));
    if (all.stream().anyMatch(set -> Json.at(set, "status", "terminatingReplicas").isNumber())) {
      draft.put("terminatingReplicas", Sets.sum(all, "status", "terminatingReplicas"));
    }
  }

  private void put(String field, long value) {
    ReplicaSetStatus.putUnlessZero(draft, field, value);
  }

  private void setAvailable() {
    boolean enough =
        Json.number(draft, 0, "availableReplicas") >= spec.replicas() - spec.maxUnavailable();
    set(
        enough
            ? Condition.of(
                "Available",
                true,
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.")
            : Condition.of(
                "Available",
                false,
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability."));
  }

  private void setProgress(ObjectNode current) {
    boolean wasComplete =
        Json.number(draft, 0, "replicas") == Json.number(draft, 0, "updatedReplicas")
            && reason().equals("NewReplicaSetAvailable");
    if (wasComplete) {
      return;
    }
    String what =
        current == null
            ? "Deployment \"" + Meta.name(deployment) + "\""
            : "ReplicaSet \"" + Meta.name(current) + "\"";
    if (isComplete(spec, draft)) {
      set(
          Condition.of(
              PROGRESSING, true, "NewReplicaSetAvailable", what + " has successfully progressed."));
    } else if (hasProgressed()) {
      replace(Condition.of(PROGRESSING, true, "ReplicaSetUpdated", what + " is progressing."));
    } else if (hasTimedOut()) {
      set(
          Condition.of(
              PROGRESSING,
              false,
              "ProgressDeadlineExceeded",
              what + " has timed out progressing."));
    }
  }

  private boolean hasProgressed() {
    JsonNode before = Json.at(deployment, "status");
    return grew(before, "updatedReplicas")
        || grew(before, "readyReplicas")
        || grew(before, "availableReplicas")
        || oldPods(draft) < oldPods(before);
  }

  private boolean grew(JsonNode before, String field) {
    return Json.number(draft, 0, field) > Json.number(before, 0, field);
  }

  private static long oldPods(JsonNode status) {
    return Json.number(status, 0, "replicas") - Json.number(status, 0, "updatedReplicas");
  }

  private boolean hasTimedOut() {
    Optional<Instant> deadline = deadline(draft);
    return switch (reason()) {
      case "NewReplicaSetAvailable" -> false;
      case "ProgressDeadlineExceeded" -> true;
      default -> deadline.isPresent() && deadline.get().isBefore(now);
    };
  }

  private Optional<Instant> deadline(JsonNode status) {
    return Conditions.findIn(status, PROGRESSING)
        .flatMap(condition -> Times.at(condition, "lastUpdateTime"))
        .flatMap(at -> spec.progressDeadline().map(at::plus));
  }

  /** When to look for lack of progress; null when a deadline does not apply. */
  Duration untilDeadline(ObjectNode next) {
    String reason =
        Conditions.findIn(next, PROGRESSING).map(c -> Json.text(c, "reason")).orElse("");
    if (isComplete(spec, next) || reason.equals("ProgressDeadlineExceeded")) {
      return null;
    }
    return deadline(next)
        .map(at -> Duration.between(now, at).plusSeconds(1))
        .map(wait -> wait.isNegative() ? Duration.ofSeconds(1) : wait)
        .orElse(null);
  }

  private void setReplicaFailure(List<ObjectNode> all, ObjectNode current) {
    Optional<JsonNode> failure =
        Optional.ofNullable(current)
            .flatMap(set -> Conditions.find(set, "ReplicaFailure"))
            .or(
                () ->
                    all.stream()
                        .flatMap(set -> Conditions.find(set, "ReplicaFailure").stream())
                        .findFirst());
    if (failure.isEmpty()) {
      Conditions.remove(draft, "ReplicaFailure");
      return;
    }
    JsonNode f = failure.get();
    set(
        new Condition(
            "ReplicaFailure",
            Json.text(f, "status"),
            Json.text(f, "reason"),
            Json.text(f, "message")));
  }

  private String reason() {
    return Conditions.findIn(draft, PROGRESSING).map(c -> Json.text(c, "reason")).orElse("");
  }

  /** Sets unless status and reason are the same already. */
  private void set(Condition condition) {
    Optional<JsonNode> before = Conditions.findIn(draft, condition.type());
    boolean same =
        before.isPresent()
            && Json.text(before.get(), "status").equals(condition.status())
            && Json.text(before.get(), "reason").equals(condition.reason());
    if (!same) {
      replace(condition);
    }
  }

  /** Sets, with a new update time in any case. */
  private void replace(Condition condition) {
    Optional<JsonNode> before = Conditions.findIn(draft, condition.type());
    boolean turned =
        before.map(b -> !Json.text(b, "status").equals(condition.status())).orElse(true);
    ObjectNode next = Json.object();
    next.put("type", condition.type()).put("status", condition.status());
    next.put("lastUpdateTime", Times.format(now));
    next.put(
        "lastTransitionTime",
        turned ? Times.format(now) : Json.text(before.get(), "lastTransitionTime"));
    next.put("reason", condition.reason()).put("message", condition.message());
    Conditions.replace(draft, condition.type(), next);
  }
}
