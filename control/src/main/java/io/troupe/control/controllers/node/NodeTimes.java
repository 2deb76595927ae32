package io.troupe.control.controllers.node;

import java.time.Duration;

/**
 * How patient the node controllers are.
 *
 * @param monitorGrace silence after which a node is Unknown
 * @param startupGrace the same for a node that never spoke
 * @param quarantine how long a node must be gone before its pods are removed
 * @param evictionInterval time between two nodes of a zone that begin to lose their pods
 * @param slowEvictionInterval the same when much of a large zone is down
 */
public record NodeTimes(
    Duration monitorGrace,
    Duration startupGrace,
    Duration quarantine,
    Duration evictionInterval,
    Duration slowEvictionInterval) {
  /** Upstream's defaults. */
  public static final NodeTimes DEFAULT =
      new NodeTimes(
          Duration.ofSeconds(50),
          Duration.ofSeconds(60),
          Duration.ofSeconds(40),
          Duration.ofSeconds(10),
          Duration.ofSeconds(100));
}
