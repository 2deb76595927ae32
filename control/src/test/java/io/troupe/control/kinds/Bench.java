package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decision;
import io.troupe.persistence.store.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One object on the bench of a decider: commands go in as text, and stored decisions become the
 * current object with the next revision, as the store does it.
 */
final class Bench {
  static final long NOW = 1_790_000_000_000L;
  static final FactKinds KINDS = new FactKinds();
  static final Strategies STRATEGIES = Strategies.builtIn();
  static final KubernetesDecider DECIDER = new KubernetesDecider(KINDS, STRATEGIES);

  final Kind kind;
  final ObjectKey key;
  FakeWorld world = FakeWorld.withShop();
  ObjectNode current;
  long revision = 1;
  long now = NOW;
  String fieldValidation = "Warn";

  Bench(String apiVersion, String kind, String name) {
    this.kind = KINDS.byKind(apiVersion, kind).orElseThrow();
    this.key = this.kind.resource().key("shop", name);
  }

  static String json(String text) {
    return text.replace('\'', '"');
  }

  static byte[] bytes(String text) {
    return json(text).getBytes(StandardCharsets.UTF_8);
  }

  Request request(String verb, String subresource) {
    return new Request(
        verb,
        kind.resource().apiVersion(),
        kind.resource().kind(),
        subresource,
        new Request.User("tester", "", List.of("system:masters"), Map.of(), ""),
        "test/1",
        "req",
        "tester",
        fieldValidation,
        false,
        now,
        "uid-1");
  }

  Decision decide(Command command) {
    Decision decision = DECIDER.decide(key, current, command, world);
    switch (decision) {
      case Decision.Store store -> {
        current = Json.parse(Json.bytes(store.after()));
        Json.ensure(current, "metadata").put("resourceVersion", Long.toString(++revision));
      }
      case Decision.Remove remove -> current = null;
      case Decision.Keep keep -> {}
      case Decision.Refuse refuse -> {}
    }
    return decision;
  }

  Decision create(String body) {
    return decide(new Command.CreateObject(request("create", ""), bytes(body)));
  }

  Decision replace(String subresource, ObjectNode body) {
    return decide(new Command.ReplaceObject(request("update", subresource), Json.bytes(body)));
  }

  Decision merge(String subresource, String patch) {
    return decide(
        new Command.PatchObject(
            request("patch", subresource), PatchType.MERGE, bytes(patch), false));
  }

  Decision post(String subresource, String body) {
    return decide(new Command.PostSubresource(request("create", subresource), bytes(body)));
  }

  Decision delete(DeleteOptions options) {
    return decide(new Command.DeleteObject(request("delete", ""), options));
  }

  /** Creates or fails with the refusal's message. */
  Bench created(String body) {
    if (create(body) instanceof Decision.Refuse refused) {
      throw new AssertionError(refused.refusal().message());
    }
    return this;
  }

  static Refusal refusal(Decision decision) {
    if (decision instanceof Decision.Refuse refused) {
      return refused.refusal();
    }
    throw new AssertionError("not refused: " + decision);
  }

  String at(String... path) {
    return Json.at(current, path).asText();
  }

  long generation() {
    return Meta.generation(current);
  }
}
