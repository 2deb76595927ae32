package io.troupe.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The machine's own DNS servers. */
final class Resolvers {
  private Resolvers() {}

  static List<InetAddress> ofMachine() throws IOException {
    List<InetAddress> servers = new ArrayList<>();
    Path file = Path.of("/etc/resolv.conf");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.strip().split("\\s+");
        if (words.length > 1 && words[0].equals("nameserver")) {
          servers.add(InetAddress.getByName(words[1]));
        }
      }
    }
    return servers;
  }
}
