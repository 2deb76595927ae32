package io.troupe.control.kinds.pod;

import io.troupe.control.kinds.field.At;
import java.util.HashSet;
import java.util.Set;

/** Two containers of a pod cannot have one port of the host. */
final class HostPorts {
  private HostPorts() {}

  static void check(At spec, String list) {
    Set<String> taken = new HashSet<>();
    spec.each(list, c -> container(c, taken));
  }

  static void container(At container, Set<String> taken) {
    container.each(
        "ports",
        port -> {
          long host = port.number("hostPort", 0);
          String shown = port.text("protocol") + "/" + port.text("hostIP") + "/" + host;
          if (host != 0 && !taken.add(shown)) {
            port.errors().duplicate(port.at("hostPort"), shown);
          }
        });
  }
}
