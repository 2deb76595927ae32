package io.troupe.control.controllers.runtime;

import io.troupe.control.controllers.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs one loop's due keys on virtual threads, a few at a time. */
final class Dispatcher implements AutoCloseable {
  private static final int AT_ONCE = 16;
  private static final Duration STOPPING = Duration.ofSeconds(10);

  private final ControllerLoop loop;
  private final InstantSource clock;
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final Semaphore signal;
  private volatile boolean open = true;
  private Thread thread;

  /**
   * @param signal gets a permit whenever the loop may have work
   */
  Dispatcher(ControllerLoop loop, InstantSource clock, Semaphore signal) {
    this.loop = loop;
    this.clock = clock;
    this.signal = signal;
  }

  void start() {
    String name = "controller-" + loop.controller().name();
    thread = Thread.ofVirtual().name(name).start(this::dispatch);
  }

  private void dispatch() {
    try {
      while (open) {
        slots.acquire();
        Optional<Key> key = loop.take(clock.instant());
        if (key.isPresent()) {
          Thread.ofVirtual().name(thread.getName(), 0).start(() -> runOne(key.get()));
        } else {
          slots.release();
          await();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runOne(Key key) {
    try {
      loop.run(key, clock.instant());
    } finally {
      slots.release();
    }
  }

  private void await() throws InterruptedException {
    Optional<Instant> due = loop.nextDue();
    if (due.isEmpty()) {
      signal.acquire();
    } else {
      long nanos = Math.max(0, Duration.between(clock.instant(), due.get()).toNanos());
      if (nanos > 0 && !signal.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        return;
      }
    }
    signal.drainPermits();
  }

  /** Takes no more keys, and waits a while for those under way. */
  @Override
  public void close() {
    open = false;
    signal.release();
    try {
      thread.join(STOPPING);
      if (slots.tryAcquire(AT_ONCE, STOPPING.toSeconds(), TimeUnit.SECONDS)) {
        slots.release(AT_ONCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
