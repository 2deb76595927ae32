package io.troupe.control.controllers.serviceaccount;

import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;

/** Which namespaces can be written into. */
final class Namespaces {
  private Namespaces() {}

  static boolean isActive(ClusterView view, String name) {
    return view.find(Resources.NAMESPACES, "", name)
        .filter(ns -> !Meta.isDeleting(ns))
        .filter(ns -> !Json.text(ns, "status", "phase").equals("Terminating"))
        .isPresent();
  }
}
