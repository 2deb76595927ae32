package io.troupe.control.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.kinds.Kind;
import io.troupe.api.kinds.Kinds;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.SubresourceRule;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Decision;
import io.troupe.persistence.store.Request;
import java.util.Optional;

/**
 * The rules of Kubernetes v1.37 for every kind: a pure function of its arguments.
 *
 * <p>Safe for any number of threads. Refusals travel as exceptions inside and leave as {@link
 * Decision.Refuse}.
 */
public final class KubernetesDecider implements Decider {
  private final Kinds kinds;
  private final Strategies strategies;

  public KubernetesDecider(Kinds kinds, Strategies strategies) {
    this.kinds = kinds;
    this.strategies = strategies;
  }

  @Override
  public Decision decide(ObjectKey key, ObjectNode current, Command command, ClusterView world) {
    try {
      return decided(write(key, command.request(), world), current, command);
    } catch (RefusedException e) {
      return new Decision.Refuse(e.refusal());
    }
  }

  private Decision decided(Write write, ObjectNode current, Command command) {
    boolean own =
        write.facts().subresource().isEmpty() || write.facts().subresource().equals("status");
    return switch (command) {
      case Command.CreateObject create ->
          Creation.create(write, current, Bodies.read(write, create.body()));
      case Command.ReplaceObject replace ->
          own
              ? Update.replace(write, current, Bodies.read(write, replace.body()))
              : Subresources.put(write, current, replace.body());
      case Command.PatchObject patch ->
          own ? Patching.patch(write, current, patch) : Subresources.patch(write, current, patch);
      case Command.DeleteObject delete -> Deletion.delete(write, current, delete.options());
      case Command.PostSubresource post ->
          write.facts().subresource().equals("eviction")
              ? Eviction.evict(write, current, post.body())
              : Subresources.put(write, current, post.body());
    };
  }

  private Write write(ObjectKey key, Request request, ClusterView world) {
    Kind kind =
        kinds
            .byKind(request.apiVersion(), request.kind())
            .orElseThrow(() -> new RefusedException(Refusal.notFound(key.type(), key.name())));
    return new Write(new Facts(kind, key, request, world), strategies.of(kind));
  }

  /**
   * What a subresource shows of an object, for GET and for the answer to a write: for example the
   * {@code Scale} of a Deployment. The object itself where the subresource has no kind of its own;
   * empty when the kind has no such subresource.
   */
  public Optional<ObjectNode> view(ObjectKey key, ObjectNode object, Request request) {
    Write write = write(key, request, null);
    if (request.subresource().isEmpty() || request.subresource().equals("status")) {
      return Optional.of(Versions.toRequested(write.kind(), object));
    }
    SubresourceRule rule = write.strategy().subresources().get(request.subresource());
    return Optional.ofNullable(rule).map(r -> r.view(object, write.facts()));
  }

  /** The object in the version that the kind has; the same tree when it is stored so. */
  public ObjectNode toRequested(Kind kind, ObjectNode stored) {
    return Versions.toRequested(kind, stored);
  }
}
