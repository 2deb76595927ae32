package io.troupe.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.troupe.node.proxy.RuleSet.NodeNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleSetTest {
  private static final NodeNetwork NETWORK =
      new NodeNetwork("10.244.0.0/16", "10.244.0.0/24", "10.96.0.10", "10.0.0.1:1053");

  private static ServicePort port(
      String name, int affinity, List<Endpoint> endpoints, boolean exists) {
    return new ServicePort(
        name,
        "10.96.0.20",
        "tcp",
        80,
        30080,
        List.of("192.0.2.7"),
        affinity,
        endpoints,
        endpoints,
        false,
        exists);
  }

  private static final List<Endpoint> TWO =
      List.of(new Endpoint("10.244.0.5", 8080, true), new Endpoint("10.244.1.5", 8080, false));

  @Test
  void shouldBeAcceptedByTheKernelAndReplaceWhatWasThere() throws IOException {
    assumeTrue(
        Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward")),
        "needs root for a network namespace");
    RuleSet first = new RuleSet(NETWORK, List.of(port("shop/web:http", 60, TWO, true)));
    RuleSet second =
        new RuleSet(NETWORK, List.of(port("shop/api:http", 0, TWO.subList(0, 1), true)));
    RuleSet empty = new RuleSet(NETWORK, List.of(port("shop/api:http", 0, List.of(), false)));
    String scripts =
        first.script(Set.of(), Set.of())
            + "####\n"
            + first.script(first.chainNames(), first.affinitySetNames())
            + "####\n"
            + second.script(first.chainNames(), first.affinitySetNames())
            + "####\n"
            + empty.script(second.chainNames(), second.affinitySetNames());
    StringBuilder shell = new StringBuilder("set -e\n");
    for (String script : scripts.split("####\n")) {
      shell.append("nft -f - <<'E'\n").append(script).append("E\n");
    }
    Nft.Result result = Nft.run(shell + "nft list table ip troupe-proxy", "unshare", "-n", "sh");
    assertThat(result.code()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("10.0.0.1:1053")
        .contains("goto reject-it")
        .doesNotContain("svc-")
        .doesNotContain("aff-");
  }

  @Test
  void shouldSendAClientBackToItsEndpointBeforeChoosingAnother() {
    String script =
        new RuleSet(NETWORK, List.of(port("shop/web:http", 60, TWO, true)))
            .script(Set.of(), Set.of());
    assertThat(script).contains("ip saddr @aff-").contains("update @aff-").contains("timeout 60s");
  }

  @Test
  void shouldDropRatherThanRejectWhenEndpointsExistOnlyElsewhere() {
    String script =
        new RuleSet(NETWORK, List.of(port("shop/web:http", 0, List.of(), true)))
            .script(Set.of(), Set.of());
    assertThat(script).contains("10.96.0.20 . tcp . 80 : drop");
  }
}
