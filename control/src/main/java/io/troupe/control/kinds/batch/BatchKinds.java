package io.troupe.control.kinds.batch;

import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** The strategies of this package. */
public final class BatchKinds {
  private BatchKinds() {}

  public static List<Strategy> all() {
    return List.of(Jobs.strategy(), CronJobs.strategy());
  }
}
