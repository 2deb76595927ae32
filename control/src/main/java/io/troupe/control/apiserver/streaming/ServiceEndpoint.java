package io.troupe.control.apiserver.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A ready endpoint of a Service's port. */
record ServiceEndpoint(String ip, int port) {

  static ServiceEndpoint choose(
      ClusterView view, String namespace, String service, String portName) {
    List<ServiceEndpoint> ready = new ArrayList<>();
    for (ObjectNode slice : view.list(Resources.ENDPOINT_SLICES, namespace)) {
      if (Meta.labels(slice).getOrDefault("kubernetes.io/service-name", "").equals(service)) {
        addReady(ready, slice, portName);
      }
    }
    if (ready.isEmpty()) {
      throw new RefusedException(
          Refusal.unavailable("no endpoints available for service \"" + service + "\""));
    }
    return ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
  }

  private static void addReady(List<ServiceEndpoint> ready, ObjectNode slice, String portName) {
    for (JsonNode port : Json.items(slice, "ports")) {
      if (Json.text(port, "name").equals(portName)) {
        for (JsonNode endpoint : Json.items(slice, "endpoints")) {
          if (Json.flag(endpoint, true, "conditions", "ready")) {
            Json.items(endpoint, "addresses")
                .forEach(
                    a ->
                        ready.add(
                            new ServiceEndpoint(a.asText(), (int) Json.number(port, 0, "port"))));
          }
        }
      }
    }
  }
}
