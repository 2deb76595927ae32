package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Ledgers;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Bindings ask the node first; pods that end or go give their room back. */
final class PodWrites {
  private static final byte[] NODE_NAME = bytes("\"nodeName\":");
  private static final byte[] SUCCEEDED = bytes("\"phase\":\"Succeeded\"");
  private static final byte[] FAILED = bytes("\"phase\":\"Failed\"");
  private static final byte[] NOTHING = bytes("{}");
  private static final ObjectNode NO_LIMITS = Json.object();

  private final ObjectStore inner;

  PodWrites(ObjectStore inner) {
    this.inner = inner;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    if (command.request().dryRun()) {
      return inner.submit(key, command);
    }
    if (command instanceof Command.PostSubresource post
        && post.request().subresource().equals("binding")) {
      return bind(key, post);
    }
    return inner
        .submit(key, command)
        .thenCompose(
            outcome ->
                outcome instanceof Outcome.Done done
                    ? settled(command, done).thenApply(ignored -> outcome)
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<Outcome> bind(ObjectKey key, Command.PostSubresource post) {
    ObjectNode binding = Json.parse(post.body());
    String uid = Meta.uid(binding);
    CachedObject cached = inner.cache().find(key);
    if (cached != null && (uid.isEmpty() || uid.equals(Meta.uid(cached.tree())))) {
      return claim(key, post, cached.tree(), Json.text(binding, "target", "name"));
    }
    // This JVM has not seen the pod yet: its actor knows.
    return current(key, post.request())
        .thenCompose(
            outcome ->
                outcome instanceof Outcome.Done done
                    ? claim(key, post, done.object().tree(), Json.text(binding, "target", "name"))
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<Outcome> claim(
      ObjectKey key, Command.PostSubresource post, ObjectNode pod, String node) {
    CachedObject target = inner.cache().find(Resources.NODES.key("", node));
    boolean isUnknown = target == null;
    ObjectNode wanted = CapacityRule.wanted(pod, isUnknown, post.request().timeMillis());
    ObjectNode limits = isUnknown ? NO_LIMITS : CapacityRule.limits(target.tree());
    String uid = Meta.uid(pod);
    return inner
        .ledgers()
        .claim(CapacityRule.SORT, node, uid, wanted, limits)
        .thenCompose(
            verdict ->
                switch (verdict) {
                  case Ledgers.Verdict.Grant ignored ->
                      inner
                          .submit(key, post)
                          .thenCompose(outcome -> bound(key, post, uid, node, outcome));
                  case Ledgers.Verdict.Deny(Refusal refusal) ->
                      CompletableFuture.completedStage(new Outcome.Refused(refusal));
                });
  }

  /** A refused binding gives the room back, unless an earlier one put the pod on that node. */
  private CompletionStage<Outcome> bound(
      ObjectKey key, Command.PostSubresource post, String uid, String node, Outcome outcome) {
    if (outcome instanceof Outcome.Done) {
      return CompletableFuture.completedStage(outcome);
    }
    return current(key, post.request())
        .thenCompose(
            now -> {
              boolean isThere =
                  now instanceof Outcome.Done done
                      && Meta.uid(done.object().tree()).equals(uid)
                      && Json.text(done.object().tree(), "spec", "nodeName").equals(node);
              return isThere ? CompletableFuture.completedStage(null) : release(node, uid);
            })
        .thenApply(released -> outcome);
  }

  /** Reads through the actor: a patch of nothing, as a dry run. */
  private CompletionStage<Outcome> current(ObjectKey key, Request asked) {
    Request read =
        new Request(
            "patch",
            "v1",
            "Pod",
            "",
            asked.user(),
            asked.userAgent(),
            asked.requestId(),
            asked.fieldManager(),
            "Ignore",
            true,
            asked.timeMillis(),
            asked.newUid());
    return inner.submit(key, new Command.PatchObject(read, PatchType.MERGE, NOTHING, false));
  }

  private CompletionStage<Void> settled(Command command, Outcome.Done done) {
    byte[] json = done.object().json();
    return switch (done.effect()) {
      case CREATED -> contains(json, NODE_NAME) ? counted(command, done) : completed();
      case REMOVED -> done.isGone() ? released(done) : completed();
      case UPDATED -> updated(command, done);
      case UNCHANGED -> completed();
    };
  }

  private CompletionStage<Void> updated(Command command, Outcome.Done done) {
    return switch (command.request().subresource()) {
      case "status" ->
          contains(done.object().json(), SUCCEEDED) || contains(done.object().json(), FAILED)
              ? releasedIfFinished(done)
              : completed();
      case "resize" -> resized(command, done);
      default -> completed();
    };
  }

  private CompletionStage<Void> releasedIfFinished(Outcome.Done done) {
    return PodDemand.isFinished(done.object().tree()) ? released(done) : completed();
  }

  /** A pod created with a node's name is counted; its kubelet admits it or not. */
  private CompletionStage<Void> counted(Command command, Outcome.Done done) {
    ObjectNode pod = done.object().tree();
    String node = Json.text(pod, "spec", "nodeName");
    if (node.isEmpty()) {
      return completed();
    }
    ObjectNode wanted = CapacityRule.wanted(pod, true, command.request().timeMillis());
    return inner
        .ledgers()
        .claim(CapacityRule.SORT, node, Meta.uid(pod), wanted, NO_LIMITS)
        .thenApply(ignored -> null);
  }

  private CompletionStage<Void> resized(Command command, Outcome.Done done) {
    return Json.text(done.object().tree(), "spec", "nodeName").isEmpty()
        ? completed()
        : released(done).thenCompose(ignored -> counted(command, done));
  }

  private CompletionStage<Void> released(Outcome.Done done) {
    JsonNode pod = done.object().tree();
    String node = Json.text(pod, "spec", "nodeName");
    return node.isEmpty() ? completed() : release(node, Meta.uid(pod));
  }

  private CompletionStage<Void> release(String node, String uid) {
    return inner.ledgers().release(CapacityRule.SORT, node, uid);
  }

  private static CompletionStage<Void> completed() {
    return CompletableFuture.completedStage(null);
  }

  private static boolean contains(byte[] text, byte[] part) {
    for (int at = 0; at <= text.length - part.length; at++) {
      if (text[at] == part[0] && startsAt(text, at, part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsAt(byte[] text, int at, byte[] part) {
    for (int i = 1; i < part.length; i++) {
      if (text[at + i] != part[i]) {
        return false;
      }
    }
    return true;
  }
}
