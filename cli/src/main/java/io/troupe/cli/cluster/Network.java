package io.troupe.cli.cluster;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Finds the address under which others reach this machine. */
public final class Network {
  private Network() {}

  /**
   * The IPv4 address of the interface with the default route, else of the first other one; loopback
   * when there is none.
   */
  public static String primaryAddress() {
    try {
      List<NetworkInterface> candidates = new ArrayList<>();
      for (NetworkInterface nic : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (nic.isUp()
            && !nic.isLoopback()
            && !isBridge(nic.getName())
            && !nic.getName().startsWith("veth")) {
          candidates.add(nic);
        }
      }
      String preferred = defaultRouteInterface();
      candidates.sort(Comparator.comparing(nic -> !nic.getName().equals(preferred)));
      for (NetworkInterface nic : candidates) {
        for (InetAddress address : Collections.list(nic.getInetAddresses())) {
          if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
            return address.getHostAddress();
          }
        }
      }
    } catch (IOException e) {
      return "127.0.0.1";
    }
    return "127.0.0.1";
  }

  private static boolean isBridge(String nic) {
    return Files.isDirectory(Path.of("/sys/class/net", nic, "bridge"));
  }

  private static String defaultRouteInterface() throws IOException {
    Path routes = Path.of("/proc/net/route");
    if (Files.isReadable(routes)) {
      for (String line : Files.readAllLines(routes)) {
        String[] fields = line.split("\\s+");
        if (fields.length > 1 && fields[1].equals("00000000")) {
          return fields[0];
        }
      }
    }
    return "";
  }
}
