package io.troupe.control.apiserver.streaming;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;

/**
 * Addresses that no proxy request may reach: the API server's own machine and its link (metadata
 * services).
 */
final class Addresses {
  private Addresses() {}

  static void refuseLocal(String ip) {
    if (ip.startsWith("127.")
        || ip.startsWith("169.254.")
        || ip.equals("::1")
        || ip.startsWith("fe80:")
        || ip.equals("0.0.0.0")) {
      throw new RefusedException(Refusal.badRequest("address not allowed"));
    }
  }
}
