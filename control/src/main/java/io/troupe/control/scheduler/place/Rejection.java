package io.troupe.control.scheduler.place;

import java.util.List;

/**
 * Why a node does not do, in upstream's words.
 *
 * @param isResolvable whether taking other pods away might help
 */
public record Rejection(Plugin plugin, List<String> reasons, boolean isResolvable) {

  static Rejection of(Plugin plugin, String reason) {
    return new Rejection(plugin, List.of(reason), false);
  }

  static Rejection resolvable(Plugin plugin, String reason) {
    return new Rejection(plugin, List.of(reason), true);
  }
}
