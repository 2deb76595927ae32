package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.allocation.PodDemand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod at one moment.
 *
 * @param nodeName where it is bound, or ""
 * @param nominatedNode where it waits for room, or ""
 * @param claims names of its PersistentVolumeClaims
 * @param condition what it was last told about being scheduled
 * @param createdMillis creation, milliseconds since the epoch
 * @param startedMillis start on its node; creation while it has not
 */
public record PodInfo(
    String uid,
    String namespace,
    String name,
    PodShape shape,
    int priority,
    String nodeName,
    String nominatedNode,
    String schedulerName,
    List<String> gates,
    List<Claim> claims,
    boolean isTerminating,
    boolean isFinished,
    boolean mayPreempt,
    boolean isPreempted,
    Condition condition,
    long createdMillis,
    long startedMillis) {

  /** The {@code PodScheduled} condition; empty texts while there is none. */
  public record Condition(String status, String reason, String message, long generation) {
    static Condition of(JsonNode pod) {
      long generation = Meta.generation(pod);
      for (JsonNode c : Json.items(pod, "status", "conditions")) {
        if (Json.text(c, "type").equals("PodScheduled")) {
          return new Condition(
              Json.text(c, "status"), Json.text(c, "reason"), Json.text(c, "message"), generation);
        }
      }
      return new Condition("", "", "", generation);
    }
  }

  /** A claim by name; an ephemeral one is made for the pod by a controller. */
  public record Claim(String name, boolean isEphemeral) {}

  public static PodInfo of(JsonNode pod, PodShape shape) {
    JsonNode spec = Json.at(pod, "spec");
    JsonNode status = Json.at(pod, "status");
    long created = millis(Json.text(pod, "metadata", "creationTimestamp"), 0);
    return new PodInfo(
        Meta.uid(pod),
        Meta.namespace(pod),
        Meta.name(pod),
        shape,
        (int) Json.number(spec, 0, "priority"),
        Json.text(spec, "nodeName"),
        Json.text(status, "nominatedNodeName"),
        Json.text(spec, "schedulerName"),
        Json.items(spec, "schedulingGates").stream().map(g -> Json.text(g, "name")).toList(),
        claimsOf(pod, spec),
        Meta.isDeleting(pod),
        PodDemand.isFinished(pod),
        !Json.text(spec, "preemptionPolicy").equals("Never"),
        isPreempted(status),
        Condition.of(pod),
        created,
        millis(Json.text(status, "startTime"), created));
  }

  private static List<Claim> claimsOf(JsonNode pod, JsonNode spec) {
    List<Claim> claims = new ArrayList<>();
    for (JsonNode volume : Json.items(spec, "volumes")) {
      if (volume.has("persistentVolumeClaim")) {
        claims.add(new Claim(Json.text(volume, "persistentVolumeClaim", "claimName"), false));
      } else if (volume.has("ephemeral")) {
        claims.add(new Claim(Meta.name(pod) + "-" + Json.text(volume, "name"), true));
      }
    }
    return claims;
  }

  private static boolean isPreempted(JsonNode status) {
    return Json.items(status, "conditions").stream()
        .anyMatch(
            c ->
                Json.text(c, "type").equals("DisruptionTarget")
                    && Json.text(c, "status").equals("True")
                    && Json.text(c, "reason").equals("PreemptionByScheduler"));
  }

  private static long millis(String timestamp, long fallback) {
    return timestamp.isEmpty() ? fallback : Instant.parse(timestamp).toEpochMilli();
  }

  /** {@code namespace/name}. */
  public String path() {
    return namespace + "/" + name;
  }

  public boolean isBound() {
    return !nodeName.isEmpty();
  }

  /** The same pod as it will be once it is bound. */
  public PodInfo on(String node) {
    return new PodInfo(
        uid,
        namespace,
        name,
        shape,
        priority,
        node,
        "",
        schedulerName,
        gates,
        claims,
        isTerminating,
        isFinished,
        mayPreempt,
        isPreempted,
        condition,
        createdMillis,
        startedMillis);
  }

  /** The same pod, waiting for room on a node. */
  public PodInfo nominatedTo(String node) {
    return new PodInfo(
        uid,
        namespace,
        name,
        shape,
        priority,
        nodeName,
        node,
        schedulerName,
        gates,
        claims,
        isTerminating,
        isFinished,
        mayPreempt,
        isPreempted,
        condition,
        createdMillis,
        startedMillis);
  }
}
