package io.troupe.cli.cluster;

import io.troupe.cli.StartFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of several zones on one machine: a namespace for each, joined by a bridge that exists on this machine
 * only. Names and addresses come from the data directory, so that two clusters do not meet.
 */
public final class ZoneNetwork {
  private static final int FIRST_HOST = 11;

  private final String id;
  private final int block;
  private final int zones;

  private ZoneNetwork(String id, int block, int zones) {
    this.id = id;
    this.block = block;
    this.zones = zones;
  }

  public static ZoneNetwork of(Path dataDir, int zones) {
    int hash = dataDir.toAbsolutePath().normalize().toString().hashCode();
    return new ZoneNetwork("trp%04x".formatted(hash & 0xffff), (hash >>> 16 & 0x7f) + 64, zones);
  }

  /** {@code a}, {@code b}, {@code c} … */
  public static String zone(int index) {
    return String.valueOf((char) ('a' + index));
  }

  public String bridgeAddress() {
    return "10.89." + block + ".1";
  }

  public String address(int index) {
    return "10.89." + block + "." + (FIRST_HOST + index);
  }

  public String namespace(int index) {
    return id + "-" + zone(index);
  }

  /** The command, run in the zone's network. */
  public List<String> inside(int index, List<String> command) {
    List<String> whole = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace(index)));
    whole.addAll(command);
    return whole;
  }

  /**
   * Makes what is absent; what is there from an earlier run, with containers in it, is kept.
   *
   * @throws StartFailure with the words of the program that refused
   */
  public void up() throws StartFailure {
    StringBuilder script = new StringBuilder("set -e\n");
    script.append(
        """
        if ! ip link show %1$s >/dev/null 2>&1; then
          ip link add %1$s type bridge
          ip addr add %2$s/24 dev %1$s
          ip link set %1$s up
        fi
        echo 1 > /proc/sys/net/ipv4/ip_forward
        nft -f - <<'E'
        add table ip %1$s
        delete table ip %1$s
        table ip %1$s {
          chain postrouting {
            type nat hook postrouting priority srcnat;
            ip saddr 10.89.%3$d.0/24 oifname != "%1$s" masquerade
          }
        }
        E
        """
            .formatted(id, bridgeAddress(), block));
    for (int i = 0; i < zones; i++) {
      script.append(
          """
          if [ ! -e /run/netns/%1$s ]; then
            ip netns add %1$s
            ip link add %1$s type veth peer name eth0 netns %1$s
            ip link set %1$s master %2$s up
            nsenter --net=/run/netns/%1$s sh -c "ip link set lo up; ip addr add %3$s/24 dev eth0; ip link set eth0 up; ip route add default via %4$s"
          fi
          """
              .formatted(namespace(i), id, address(i), bridgeAddress()));
    }
    run(script.toString());
  }

  /** Removes namespaces and bridge; everything in them must have ended. */
  public void down() throws StartFailure {
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < zones; i++) {
      script.append("ip netns del %1$s 2>/dev/null; ip link del %1$s 2>/dev/null\n".formatted(namespace(i)));
    }
    script.append("ip link del %1$s 2>/dev/null; nft delete table ip %1$s 2>/dev/null; true\n".formatted(id));
    run(script.toString());
  }

  private static void run(String script) throws StartFailure {
    try {
      Process process = new ProcessBuilder("sh").redirectErrorStream(true).start();
      try (var in = process.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new StartFailure("the zones' network cannot be made: " + output.strip());
      }
    } catch (IOException e) {
      throw new StartFailure("the zones' network cannot be made: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted while the zones' network was made", e);
    }
  }

  /** How many zones a data directory was started with; 0 for none. */
  public static int zonesOf(Path dataDir) {
    int count = 0;
    while (Files.isDirectory(dataDir.resolve("zones").resolve(zone(count)))) {
      count++;
    }
    return count;
  }
}
