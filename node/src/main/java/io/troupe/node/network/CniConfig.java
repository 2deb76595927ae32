package io.troupe.node.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The CNI configuration list that containerd reads (CNI specification 1.0). */
public final class CniConfig {
  static final String BRIDGE = "troupe0";

  private CniConfig() {}

  /**
   * Writes the list atomically, so that the runtime never reads half of it.
   *
   * @param podCidr addresses of this node's pods
   * @param stateDir where the address allocator keeps its leases
   */
  public static void write(Path confDir, String podCidr, Path stateDir) throws IOException {
    Files.createDirectories(confDir);
    Files.createDirectories(stateDir);
    Path target = confDir.resolve("10-troupe.conflist");
    byte[] wanted = Json.bytes(list(podCidr, stateDir));
    if (Files.exists(target) && java.util.Arrays.equals(Files.readAllBytes(target), wanted)) {
      return;
    }
    Path temporary = Files.createTempFile(confDir, ".troupe", ".tmp");
    Files.write(temporary, wanted);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static ObjectNode list(String podCidr, Path stateDir) {
    ObjectNode list = Json.object();
    list.put("cniVersion", "1.0.0").put("name", "troupe");
    ObjectNode bridge = list.putArray("plugins").addObject();
    bridge.put("type", "bridge").put("bridge", BRIDGE).put("isGateway", true);
    bridge.put("ipMasq", false).put("hairpinMode", true).put("promiscMode", false);
    ObjectNode ipam = bridge.putObject("ipam");
    ipam.put("type", "host-local").put("dataDir", stateDir.toString());
    ipam.putArray("ranges").addArray().addObject().put("subnet", podCidr);
    ipam.putArray("routes").addObject().put("dst", "0.0.0.0/0");
    ObjectNode portmap = list.withArray("plugins").addObject();
    portmap
        .put("type", "portmap")
        .put("snat", true)
        .putObject("capabilities")
        .put("portMappings", true);
    return list;
  }
}
