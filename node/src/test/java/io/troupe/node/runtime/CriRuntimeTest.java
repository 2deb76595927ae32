package io.troupe.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.node.runtime.containerd.Containerd;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CriRuntimeTest extends ContainerRuntimeContract {
  private static RealContainerd real;
  private static CriRuntime runtime;

  @BeforeAll
  static void start() throws IOException {
    real = RealContainerd.start().orElse(null);
    Assumptions.assumeTrue(real != null);
    runtime = real.connect();
  }

  @AfterAll
  static void stop() throws IOException {
    if (real != null) {
      runtime.close();
      real.close();
    }
  }

  @Override
  ContainerRuntime runtime() {
    return runtime;
  }

  @Test
  void shouldAdoptTheContainerdThatRuns() {
    long pid = real.containerd().pid();
    try (Containerd again =
        Containerd.start(
            real.dir().resolve("containerd"), RealContainerd.settings(real.dir().resolve("cni")))) {
      assertThat(again.pid()).isEqualTo(pid);
    }
  }
}
