package io.troupe.control.kinds.net;

import io.troupe.control.kinds.strategy.Strategy;
import java.util.List;

/** The strategies of this package. */
public final class NetKinds {
  private NetKinds() {}

  public static List<Strategy> all() {
    return List.of(
        Services.strategy(),
        Endpoints.endpoints(),
        Endpoints.endpointSlice(),
        Ingresses.ingress(),
        Ingresses.ingressClass(),
        NetworkPolicies.networkPolicy(),
        NetworkPolicies.serviceCidr(),
        NetworkPolicies.ipAddress());
  }
}
