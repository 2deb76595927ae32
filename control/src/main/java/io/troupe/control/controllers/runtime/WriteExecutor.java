package io.troupe.control.controllers.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Does the writes of one controller's plans, in order, until one is refused. */
final class WriteExecutor {
  /** How many writes of a batch are under way at once. */
  private static final int WIDEST = 64;

  private static final Resource ACCESS_REVIEWS =
      new Resource(
          "authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", false);

  private static final String NAMESPACE_TERMINATING = "NamespaceTerminating";

  /**
   * What became of a plan.
   *
   * @param refused the refusal that ended it, null when all was done
   */
  record Outcome(List<OwnWrite> done, Refusal refused) {}

  private final Controller controller;
  private final KubeClient client;
  private final EventRecorder recorder;
  private final Set<Resource> writable;
  private final boolean inParallel;

  WriteExecutor(
      Controller controller, KubeClient client, EventRecorder recorder, boolean inParallel) {
    this.controller = controller;
    this.client = client;
    this.recorder = recorder;
    this.writable =
        controller.outputs().stream().map(Output::type).collect(Collectors.toUnmodifiableSet());
    this.inParallel = inParallel;
  }

  Outcome execute(List<Write> writes) {
    ConcurrentLinkedQueue<OwnWrite> done = new ConcurrentLinkedQueue<>();
    try {
      for (Write write : writes) {
        execute(write, done);
      }
      return new Outcome(List.copyOf(done), null);
    } catch (RefusedException e) {
      return new Outcome(List.copyOf(done), e.refusal());
    }
  }

  private void execute(Write write, ConcurrentLinkedQueue<OwnWrite> done) {
    switch (write) {
      case Write.Create c -> done.add(OwnWrite.Written.of(c.type(), create(c)));
      case Write.Update u -> {
        ObjectNode body = typed(u.type(), u.body());
        ObjectNode answer =
            u.subresource().isEmpty()
                ? client.update(checked(u.type()), body)
                : client.update(checked(u.type()), u.subresource(), body);
        done.add(OwnWrite.Written.of(u.type(), answer));
      }
      case Write.Patch p ->
          done.add(
              OwnWrite.Written.of(
                  p.type(),
                  client.patch(
                      checked(p.type()),
                      p.namespace(),
                      p.name(),
                      p.subresource(),
                      p.how(),
                      p.patch())));
      case Write.Delete d -> {
        delete(d);
        done.add(new OwnWrite.Deleted(d.type(), d.namespace(), d.name(), d.options().uid()));
      }
      case Write.Post p ->
          client.post(checked(p.type()), p.namespace(), p.name(), p.subresource(), p.body());
      case Write.EmitEvent event -> recorder.record(controller.component(), event);
      case Write.Announced announced -> announce(announced, done);
      case Write.Batch batch -> batch(batch.writes(), done);
      case Write.Guarded guarded -> {
        guarded.guards().forEach(this::confirm);
        execute(guarded.write(), done);
      }
    }
  }

  private ObjectNode create(Write.Create create) {
    return client.create(checked(create.type()), typed(create.type(), create.body()));
  }

  private void delete(Write.Delete delete) {
    try {
      client.delete(checked(delete.type()), delete.namespace(), delete.name(), delete.options());
    } catch (RefusedException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  private void announce(Write.Announced announced, ConcurrentLinkedQueue<OwnWrite> done) {
    try {
      execute(announced.write(), done);
    } catch (RefusedException e) {
      boolean terminating =
          e.refusal().causes().stream().anyMatch(c -> c.reason().equals(NAMESPACE_TERMINATING));
      if (announced.failed() != null && !isRace(e.refusal()) && !terminating) {
        Write.EmitEvent failed = announced.failed();
        recorder.record(
            controller.component(),
            new Write.EmitEvent(
                failed.type(),
                failed.about(),
                failed.severity(),
                failed.reason(),
                failed.message() + e.refusal().message()));
      }
      if (terminating) {
        return;
      }
      throw e;
    }
    if (announced.done() != null) {
      recorder.record(controller.component(), announced.done());
    }
  }

  private void batch(List<Write> writes, ConcurrentLinkedQueue<OwnWrite> done) {
    int size = 1;
    for (int from = 0; from < writes.size(); from += size, size = Math.min(size * 2, WIDEST)) {
      int to = Math.min(writes.size(), from + size);
      together(writes.subList(from, to), done);
    }
  }

  private void together(List<Write> writes, ConcurrentLinkedQueue<OwnWrite> done) {
    if (!inParallel || writes.size() == 1) {
      writes.forEach(write -> execute(write, done));
      return;
    }
    List<Callable<RefusedException>> tasks = new ArrayList<>();
    writes.forEach(write -> tasks.add(() -> attempt(write, done)));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      RefusedException refused = null;
      for (Future<RefusedException> future : threads.invokeAll(tasks)) {
        refused = refused == null ? future.get() : refused;
      }
      if (refused != null) {
        throw refused;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Refusal.unavailable("the controller is stopping"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a write failed", e.getCause());
    }
  }

  private RefusedException attempt(Write write, ConcurrentLinkedQueue<OwnWrite> done) {
    try {
      execute(write, done);
      return null;
    } catch (RefusedException e) {
      return e;
    }
  }

  private void confirm(Write.Guard guard) {
    switch (guard) {
      case Write.Guard.Absent absent -> {
        try {
          ObjectNode found = client.get(absent.type(), absent.namespace(), absent.name());
          if (absent.uid().isEmpty() || Meta.uid(found).equals(absent.uid())) {
            throw stale(absent.type(), absent.name());
          }
        } catch (RefusedException e) {
          if (!e.isNotFound()) {
            throw e;
          }
        }
      }
      case Write.Guard.Allowed allowed -> {
        ObjectNode answer = client.create(ACCESS_REVIEWS, allowed.review());
        if (!Json.flag(answer, false, "status", "allowed")) {
          throw new RefusedException(
              Refusal.forbidden(
                  ACCESS_REVIEWS.type(), "", "subject access review was not approved"));
        }
      }
      case Write.Guard.Empty empty -> {
        var one = new ListOptions("", "", "", 1, "");
        if (!client.list(empty.type(), empty.namespace(), one).items().isEmpty()) {
          throw stale(empty.type(), "");
        }
      }
    }
  }

  private static RefusedException stale(Resource type, String name) {
    return new RefusedException(Refusal.conflict(type.type(), name, "the view lags behind"));
  }

  /** A refusal that another look at the cluster settles, and that no user need hear of. */
  static boolean isRace(Refusal refusal) {
    return refusal.reason().equals("Conflict")
        || refusal.reason().equals("AlreadyExists")
        || refusal.code() == 404;
  }

  private Resource checked(Resource type) {
    // Types may have become served, and so writable, since the start.
    if (!writable.contains(type)
        && controller.outputs().stream().noneMatch(output -> output.type().equals(type))) {
      throw new IllegalStateException(
          controller.name() + " writes " + type.type() + ", which is not among its outputs");
    }
    return type;
  }

  /** Objects out of a list may lack apiVersion and kind. */
  private static ObjectNode typed(Resource type, ObjectNode body) {
    if (body.has("apiVersion") && body.has("kind")) {
      return body;
    }
    ObjectNode whole = Json.object();
    whole.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    body.properties().forEach(e -> whole.set(e.getKey(), e.getValue()));
    return whole;
  }
}
