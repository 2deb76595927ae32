package io.troupe.control.apiserver.rest;

import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.control.apiserver.authorization.Escalation;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Command.CreateObject;
import io.troupe.persistence.store.Command.DeleteObject;
import io.troupe.persistence.store.Command.PatchObject;
import io.troupe.persistence.store.Command.PostSubresource;
import io.troupe.persistence.store.Command.ReplaceObject;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Commands on their way to the store. One that would write a role or a binding is tried first
 * without effect, so that what it would grant can be looked at, whatever sort of write it is.
 */
final class GuardedWrites {
  private final ObjectStore store;
  private final Escalation escalation;

  GuardedWrites(ObjectStore store, Escalation escalation) {
    this.store = store;
    this.escalation = escalation;
  }

  CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    boolean grants =
        !(command instanceof DeleteObject)
            && escalation.concerns(key.type(), command.request().user());
    return grants
        ? store.submit(key, preview(command)).thenCompose(outcome -> checked(key, command, outcome))
        : store.submit(key, command);
  }

  private CompletionStage<Outcome> checked(ObjectKey key, Command command, Outcome outcome) {
    if (!(outcome instanceof Outcome.Done done)) {
      return CompletableFuture.completedFuture(outcome);
    }
    CachedObject before = store.cache().find(key);
    Optional<Refusal> refusal =
        escalation.problem(
            command.request().user(),
            key,
            before == null ? null : before.tree(),
            done.object().tree());
    return refusal.isPresent()
        ? CompletableFuture.completedFuture(new Outcome.Refused(refusal.get()))
        : store.submit(key, command);
  }

  private static Command preview(Command command) {
    Request request = Requests.dryRun(command.request());
    return switch (command) {
      case CreateObject create -> new CreateObject(request, create.body());
      case ReplaceObject replace -> new ReplaceObject(request, replace.body());
      case PatchObject patch ->
          new PatchObject(request, patch.type(), patch.patch(), patch.force());
      case DeleteObject delete -> new DeleteObject(request, delete.options());
      case PostSubresource post -> new PostSubresource(request, post.body());
    };
  }
}
