package io.troupe.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.node.runtime.cri.Cri;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every runtime must do. */
abstract class ContainerRuntimeContract {
  abstract ContainerRuntime runtime();

  private static Cri.PodSandboxConfig sandbox(String uid) {
    return Cri.PodSandboxConfig.newBuilder()
        .setMetadata(
            Cri.PodSandboxMetadata.newBuilder().setName("web").setNamespace("shop").setUid(uid))
        .setHostname("web")
        .setLogDirectory("/tmp")
        .putLabels(PodLabels.POD_UID, uid)
        .setLinux(
            Cri.LinuxPodSandboxConfig.newBuilder()
                .setSecurityContext(
                    Cri.LinuxSandboxSecurityContext.newBuilder()
                        .setNamespaceOptions(
                            Cri.NamespaceOption.newBuilder().setPid(Cri.NamespaceMode.CONTAINER))))
        .build();
  }

  private static Cri.ContainerConfig container(String uid) {
    return Cri.ContainerConfig.newBuilder()
        .setMetadata(Cri.ContainerMetadata.newBuilder().setName("main").setAttempt(2))
        .setImage(Cri.ImageSpec.newBuilder().setImage(RealContainerd.BUSYBOX))
        .addAllCommand(List.of("sleep", "1000"))
        .putLabels(PodLabels.POD_UID, uid)
        .putAnnotations(PodLabels.RESTART_COUNT, "2")
        .build();
  }

  @Test
  void shouldRunAPodFromSandboxToRemoval() throws Exception {
    String uid = "uid-life";
    String sandboxId = runtime().runSandbox(sandbox(uid), "");
    assertThat(runtime().sandboxStatus(sandboxId).getState())
        .isEqualTo(Cri.PodSandboxState.SANDBOX_READY);
    assertThat(runtime().sandboxStatus(sandboxId).getNetwork().getIp()).isNotEmpty();

    String id = runtime().createContainer(sandboxId, container(uid), sandbox(uid));
    assertThat(runtime().containerStatus(id).getState())
        .isEqualTo(Cri.ContainerState.CONTAINER_CREATED);
    runtime().startContainer(id);
    Cri.ContainerStatus running = runtime().containerStatus(id);
    assertThat(running.getState()).isEqualTo(Cri.ContainerState.CONTAINER_RUNNING);
    assertThat(running.getMetadata().getAttempt()).isEqualTo(2);
    assertThat(running.getAnnotationsMap()).containsEntry(PodLabels.RESTART_COUNT, "2");
    assertThat(runtime().containers(uid)).hasSize(1);
    assertThat(runtime().execSync(id, List.of("true"), 5).getExitCode()).isZero();

    CompletableFuture<String> exited = new CompletableFuture<>();
    AutoCloseable listening = runtime().onExit(exited::complete);
    runtime().stopContainer(id, 0);
    assertThat(exited.get(20, TimeUnit.SECONDS)).isEqualTo(id);
    listening.close();
    assertThat(runtime().containerStatus(id).getState())
        .isEqualTo(Cri.ContainerState.CONTAINER_EXITED);

    runtime().stopSandbox(sandboxId);
    assertThat(runtime().sandboxes(uid).getFirst().getState())
        .isEqualTo(Cri.PodSandboxState.SANDBOX_NOTREADY);
    runtime().removeSandbox(sandboxId);
    assertThat(runtime().sandboxes(uid)).isEmpty();
    assertThat(runtime().containers(uid)).isEmpty();
  }

  @Test
  void shouldTolerateStoppingWhatIsGone() {
    runtime().stopContainer("0123456789ab", 0);
    runtime().removeContainer("0123456789ab");
    runtime().stopSandbox("0123456789ab");
    runtime().removeSandbox("0123456789ab");
  }

  @Test
  void shouldSayThatAContainerIsNotFound() {
    assertThatThrownBy(() -> runtime().containerStatus("0123456789ab"))
        .isInstanceOfSatisfying(RuntimeFault.class, f -> assertThat(f.isNotFound()).isTrue());
  }

  @Test
  void shouldBeReady() {
    assertThat(runtime().status().getStatus().getConditionsList())
        .filteredOn(Cri.RuntimeCondition::getStatus)
        .extracting(Cri.RuntimeCondition::getType)
        .contains("RuntimeReady", "NetworkReady");
    assertThat(runtime().version().getRuntimeName()).isNotEmpty();
  }
}
