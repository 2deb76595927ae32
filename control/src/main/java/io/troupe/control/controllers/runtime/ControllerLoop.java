package io.troupe.control.controllers.runtime;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller at work, without threads of its own: changes come in by {@link #onChange}, and
 * whoever drives it calls {@link #take} and {@link #run} for keys that are due. Safe for many
 * threads; a key is run by one at a time.
 */
final class ControllerLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

  /** An own write that the view has not shown by then is given up, as upstream's expectations. */
  private static final Duration OWN_WRITE_LIMIT = Duration.ofMinutes(5);

  private record Awaited(List<OwnWrite> writes, Instant until) {}

  private final Controller controller;
  private final ClusterView view;
  private final WriteExecutor executor;
  private final Slices slices;
  private final Runnable onWork;

  private final WorkQueue queue = new WorkQueue();
  private final Map<Key, Awaited> awaited = new HashMap<>();
  private final Map<ObjectKey, Set<Key>> awaiting = new HashMap<>();
  private final Map<Key, Refusal> failures = new HashMap<>();
  private final Map<Key, Object> memories = new HashMap<>();
  private final Map<Resource, Long> newest = new ConcurrentHashMap<>();
  private final Set<Resource> followed = ConcurrentHashMap.newKeySet();

  ControllerLoop(
      Controller controller,
      ClusterView view,
      WriteExecutor executor,
      Slices slices,
      Runnable onWork) {
    this.controller = controller;
    this.view = view;
    this.executor = executor;
    this.slices = slices;
    this.onWork = onWork;
  }

  Controller controller() {
    return controller;
  }

  /** The view follows the type from now on: own writes to it will be shown. */
  void follows(Resource type) {
    followed.add(type);
  }

  /** Takes a change of one of the inputs, after the view has taken it. */
  void onChange(Input input, ObjectChange change, Instant now) {
    newest.merge(input.type(), Meta.revision(change.object()), Math::max);
    List<Key> keys = new ArrayList<>();
    for (Key key : input.keys().keys(change, view)) {
      if (slices.owns(key)) {
        keys.add(key);
      }
    }
    ObjectKey object =
        input.type().key(Meta.namespace(change.object()), Meta.name(change.object()));
    synchronized (this) {
      keys.forEach(key -> want(key, now));
      Set<Key> waiters = awaiting.remove(object);
      if (waiters != null) {
        waiters.forEach(key -> queue.add(key, now));
      }
    }
    onWork.run();
  }

  /** Wants every key that present objects lead to and that the predicate accepts. */
  void resync(Predicate<Key> wanted, Instant now) {
    for (Input input : controller.inputs()) {
      for (var object : view.list(input.type(), "")) {
        for (Key key : input.keys().keys(new ObjectChange(input.type(), null, object), view)) {
          if (wanted.test(key)) {
            synchronized (this) {
              want(key, now);
            }
          }
        }
      }
    }
    onWork.run();
  }

  synchronized Optional<Instant> nextDue() {
    return queue.nextDue();
  }

  synchronized Optional<Key> take(Instant now) {
    for (Optional<Key> key = queue.take(now); key.isPresent(); key = queue.take(now)) {
      if (!slices.owns(key.get())) {
        forget(key.get());
      } else if (!awaitsOwnWrites(key.get(), now)) {
        return key;
      }
    }
    return Optional.empty();
  }

  synchronized boolean isWorkingOn(Predicate<Key> keys) {
    return queue.isWorkingOn(keys);
  }

  /** Reconciles a taken key and writes what it decided; returns whether it wrote something. */
  boolean run(Key key, Instant now) {
    Optional<Refusal> failure;
    Object memory;
    synchronized (this) {
      failure = Optional.ofNullable(failures.get(key));
      memory = memories.get(key);
    }
    Plan plan = Plan.NOTHING.remembering(memory);
    WriteExecutor.Outcome outcome;
    try {
      plan = controller.reconcile(new Round(key, view, now, failure, memory));
      outcome = executor.execute(plan.writes());
    } catch (RuntimeException e) {
      LOG.error("{} failed on {}", controller.name(), key, e);
      outcome = new WriteExecutor.Outcome(List.of(), Refusal.internal(String.valueOf(e)));
    }
    settle(key, now, plan, outcome);
    return !plan.isNothing();
  }

  private void settle(Key key, Instant now, Plan plan, WriteExecutor.Outcome outcome) {
    synchronized (this) {
      queue.done(key);
      rememberOwnWrites(key, now, outcome.done());
      if (plan.memory() == null) {
        memories.remove(key);
      } else {
        memories.put(key, plan.memory());
      }
      Refusal refused = outcome.refused();
      if (refused == null) {
        queue.forgetFailures(key);
        failures.remove(key);
      } else {
        Duration backoff = queue.nextBackoff(key);
        LOG.debug("{} {} again in {}: {}", controller.name(), key, backoff, refused.message());
        queue.add(key, now.plus(backoff));
        if (!WriteExecutor.isRace(refused)) {
          failures.put(key, refused);
        }
      }
      if (plan.again() != null) {
        queue.add(key, now.plus(plan.again()));
      }
    }
    onWork.run();
  }

  private void want(Key key, Instant now) {
    queue.add(key, now);
  }

  private void forget(Key key) {
    queue.done(key);
    queue.forgetFailures(key);
    failures.remove(key);
    memories.remove(key);
    awaited.remove(key);
  }

  private void rememberOwnWrites(Key key, Instant now, List<OwnWrite> writes) {
    List<OwnWrite> unseen =
        writes.stream()
            .filter(write -> followed.contains(write.type()))
            .filter(write -> !write.isSeen(view, this::newestOf))
            .collect(Collectors.toList());
    if (unseen.isEmpty()) {
      return;
    }
    awaited.put(key, new Awaited(unseen, now.plus(OWN_WRITE_LIMIT)));
    waitFor(key, unseen);
    queue.add(key, now.plus(OWN_WRITE_LIMIT));
  }

  /** Puts a taken key back when the view does not show its own writes yet. */
  private boolean awaitsOwnWrites(Key key, Instant now) {
    Awaited waits = awaited.get(key);
    if (waits == null) {
      return false;
    }
    List<OwnWrite> unseen =
        waits.writes.stream().filter(write -> !write.isSeen(view, this::newestOf)).toList();
    if (unseen.isEmpty() || !now.isBefore(waits.until)) {
      awaited.remove(key);
      return false;
    }
    awaited.put(key, new Awaited(unseen, waits.until));
    waitFor(key, unseen);
    queue.done(key);
    queue.add(key, waits.until);
    return true;
  }

  /** The change of any one of them takes the key up again, to look at the others. */
  private void waitFor(Key key, List<OwnWrite> unseen) {
    OwnWrite first = unseen.getFirst();
    awaiting
        .computeIfAbsent(first.type().key(first.namespace(), first.name()), k -> new HashSet<>())
        .add(key);
  }

  private long newestOf(Resource type) {
    return newest.getOrDefault(type, 0L);
  }
}
