package io.troupe.control.controllers.runtime;

import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Output;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The rule that one output has one owner. */
final class Outputs {
  private Outputs() {}

  /**
   * @throws IllegalStateException naming the output and both owners
   */
  static void requireOneOwnerEach(Collection<Controller> controllers) {
    Map<Output, String> owners = new HashMap<>();
    for (Controller controller : controllers) {
      for (Output output : controller.outputs()) {
        String other = owners.put(output, controller.name());
        if (other != null) {
          throw new IllegalStateException(
              output + " is an output of both " + other + " and " + controller.name());
        }
      }
    }
  }
}
