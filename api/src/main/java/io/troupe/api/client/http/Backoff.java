package io.troupe.api.client.http;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: doubled with each failure up to a limit, then spread
 * over its upper half so that clients do not return all at once.
 *
 * @param jitter numbers from 0 (inclusive) to 1
 */
public record Backoff(Duration first, Duration limit, DoubleSupplier jitter) {

  /** 200 ms to 30 s. */
  public static Backoff standard(DoubleSupplier jitter) {
    return new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), jitter);
  }

  /** The pause after so many failures in a row; none after none. */
  public Duration after(int failures) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    long grown = first.toMillis() << Math.min(failures - 1, 20);
    long capped = Math.min(grown, limit.toMillis());
    return Duration.ofMillis(capped / 2 + (long) (capped / 2.0 * jitter.getAsDouble()));
  }
}
