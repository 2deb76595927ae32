package io.troupe.node.kubelet;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition; the limit is for tests that hang, not a measurement. */
public final class Until {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Until() {}

  public static void isTrue(BooleanSupplier condition, Supplier<?> describe) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not become true; now: " + describe.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
