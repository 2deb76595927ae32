package io.troupe.persistence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Decision;
import java.util.List;

/**
 * Rules for tests, much simpler than Kubernetes': a patch is merged at the top level, and a patch
 * of {@code {"increment":true}} adds one to {@code data.count}.
 */
final class CounterRules implements Decider {
  @Override
  public Decision decide(ObjectKey key, ObjectNode current, Command command, ClusterView world) {
    return switch (command) {
      case Command.CreateObject create ->
          current == null
              ? store(named(key, Json.parse(create.body()), create.request().newUid()))
              : refuse(Refusal.alreadyExists(key.type(), key.name()));
      case Command.ReplaceObject replace -> {
        ObjectNode body = Json.parse(replace.body());
        if (current == null) {
          yield refuse(Refusal.notFound(key.type(), key.name()));
        }
        long wanted = Meta.revision(body);
        yield wanted != 0 && wanted != Meta.revision(current)
            ? refuse(Refusal.staleRevision(key.type(), key.name()))
            : store(named(key, body, Meta.uid(current)));
      }
      case Command.PatchObject patch ->
          current == null
              ? refuse(Refusal.notFound(key.type(), key.name()))
              : patch(current, Json.parse(patch.patch()));
      case Command.DeleteObject delete ->
          current == null
              ? refuse(Refusal.notFound(key.type(), key.name()))
              : new Decision.Remove(current, List.of());
      case Command.PostSubresource post -> refuse(Refusal.notSupported("post"));
    };
  }

  private static Decision patch(ObjectNode current, ObjectNode patch) {
    if (patch.isEmpty()) {
      return new Decision.Keep(List.of());
    }
    ObjectNode after = current.deepCopy();
    if (patch.has("increment")) {
      ObjectNode data = Json.ensure(after, "data");
      data.put("count", data.path("count").asInt() + 1);
    } else {
      after.setAll(patch);
    }
    return store(after);
  }

  private static ObjectNode named(ObjectKey key, ObjectNode body, String uid) {
    ObjectNode after = body.deepCopy();
    ObjectNode metadata = Json.ensure(after, "metadata");
    metadata.put("name", key.name()).put("namespace", key.namespace()).put("uid", uid);
    return after;
  }

  private static Decision store(ObjectNode after) {
    return new Decision.Store(after, List.of());
  }

  private static Decision refuse(Refusal refusal) {
    return new Decision.Refuse(refusal);
  }
}
