package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.control.kinds.admit.Admission;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import io.troupe.control.kinds.strategy.Times;
import io.troupe.persistence.store.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * Deleting: grace periods ({@code rest.BeforeDelete}), finalizers by propagation policy, and the
 * moment when nothing holds the object any more.
 */
final class Deletion {
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private Deletion() {}

  static Decision delete(Write write, ObjectNode current, DeleteOptions options) {
    if (current == null) {
      throw write.refuse(Refusal.notFound(write.type(), write.name()));
    }
    checkPolicy(write, options);
    Preconditions.delete(write, options, current);
    Admission.delete(current, write.facts());
    ObjectNode object = Shape.copy(current);
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    metadata.remove("resourceVersion");
    Grace grace = grace(write, object, current, options);
    if (grace == Grace.PENDING) {
      return new Decision.Keep(write.facts().warnings());
    }
    finalizers(write.strategy(), metadata, options);
    boolean held =
        !Json.items(metadata, "finalizers").isEmpty() || write.strategy().pinned().test(object);
    if (grace == Grace.NONE && held) {
      markDeleting(metadata, write);
    }
    write.strategy().prepareDelete().prepare(object, write.facts());
    ObjectNode stored =
        Shape.stored(object, write.kind().storedVersion(), write.kind().resource().kind());
    if (held || grace == Grace.STARTED) {
      return Shape.same(stored, current)
          ? new Decision.Keep(write.facts().warnings())
          : new Decision.Store(stored, write.facts().warnings());
    }
    return new Decision.Remove(stored, write.facts().warnings());
  }

  /** Whether an update took away what kept a deleted object. */
  static boolean isDone(Strategy strategy, ObjectNode object, ObjectNode current) {
    return Meta.isDeleting(current)
        && Json.items(object, "metadata", "finalizers").isEmpty()
        && Json.number(current, 0, "metadata", "deletionGracePeriodSeconds") == 0
        && !strategy.pinned().test(object);
  }

  /** What the grace period asks for. */
  private enum Grace {
    /** The kind knows none, or it is over. */
    NONE,
    /** It has begun or was shortened, and is not over. */
    STARTED,
    /** It is zero: delete now. */
    NOW,
    /** It runs already; nothing changes. */
    PENDING
  }

  private static Grace grace(
      Write write, ObjectNode object, ObjectNode current, DeleteOptions options) {
    Strategy strategy = write.strategy();
    if (!strategy.isGraceful()) {
      return Grace.NONE;
    }
    ObjectNode metadata = (ObjectNode) object.get("metadata");
    if (Meta.isDeleting(current)) {
      return shortened(write, metadata, options);
    }
    long seconds = strategy.grace().seconds(object, options);
    long at = write.facts().request().timeMillis() + seconds * 1000;
    metadata.put("deletionTimestamp", Times.rfc3339(at));
    metadata.put("deletionGracePeriodSeconds", seconds);
    if (metadata.has("generation")) {
      metadata.put("generation", Meta.generation(object) + 1);
    }
    return seconds > 0 ? Grace.STARTED : Grace.NOW;
  }

  /** A second delete can only shorten a running grace period. */
  private static Grace shortened(Write write, ObjectNode metadata, DeleteOptions options) {
    long running = Json.number(metadata, 0, "deletionGracePeriodSeconds");
    if (running == 0) {
      return Grace.NONE;
    }
    long wanted = options.gracePeriodSeconds();
    if (wanted < 0 || wanted >= running) {
      return Grace.PENDING;
    }
    long now = write.facts().request().timeMillis();
    long at = Times.millis(Json.text(metadata, "deletionTimestamp")) + (wanted - running) * 1000;
    if (at < now) {
      at = now;
      wanted = wanted == 0 ? 0 : 1;
    }
    metadata.put("deletionTimestamp", Times.rfc3339(at));
    metadata.put("deletionGracePeriodSeconds", wanted);
    return wanted > 0 ? Grace.STARTED : Grace.NOW;
  }

  private static void markDeleting(ObjectNode metadata, Write write) {
    long now = write.facts().request().timeMillis();
    long at = Times.millis(Json.text(metadata, "deletionTimestamp"));
    if (at < 0 && metadata.has("generation")) {
      metadata.put("generation", Json.number(metadata, 0, "generation") + 1);
    }
    if (at < 0 || at > now) {
      metadata.put("deletionTimestamp", Times.rfc3339(now));
    }
    metadata.put("deletionGracePeriodSeconds", 0);
  }

  /** Adds and removes the garbage collector's finalizers as the propagation policy says. */
  private static void finalizers(Strategy strategy, ObjectNode metadata, DeleteOptions options) {
    List<String> held = new ArrayList<>();
    Json.items(metadata, "finalizers").forEach(f -> held.add(f.asText()));
    String policy = options.propagation();
    if (policy.isEmpty()) {
      if (held.contains(ORPHAN) || held.contains(FOREGROUND)) {
        return;
      }
      policy = strategy.has(Trait.ORPHANS_BY_DEFAULT) ? "Orphan" : "Background";
    }
    List<String> wanted = new ArrayList<>(held);
    wanted.removeAll(List.of(ORPHAN, FOREGROUND));
    switch (policy) {
      case "Orphan" -> wanted.add(ORPHAN);
      case "Foreground" -> wanted.add(FOREGROUND);
      default -> {}
    }
    if (!wanted.equals(held)) {
      ArrayNode list = metadata.putArray("finalizers");
      wanted.forEach(list::add);
    }
  }

  private static void checkPolicy(Write write, DeleteOptions options) {
    List<String> known = List.of("Foreground", "Background", "Orphan");
    if (!options.propagation().isEmpty() && !known.contains(options.propagation())) {
      Errors errors = new Errors();
      errors.notSupported(
          FieldPath.of("propagationPolicy"),
          options.propagation(),
          List.of("Foreground", "Background", "Orphan", "nil"));
      throw write.refuse(errors.refusal("meta.k8s.io", "DeleteOptions", ""));
    }
  }
}
