package io.troupe.node.runtime;

import io.troupe.node.runtime.simulated.SimulatedRuntime;
import java.time.Clock;

class SimulatedRuntimeTest extends ContainerRuntimeContract {
  private final SimulatedRuntime runtime = new SimulatedRuntime("10.99", Clock.systemUTC());

  @Override
  ContainerRuntime runtime() {
    return runtime;
  }
}
