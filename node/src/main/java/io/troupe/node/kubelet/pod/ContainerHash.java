package io.troupe.node.kubelet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * By which a container is known to be made from an older spec. As upstream, only name and image
 * count: everything else of a running container's spec is immutable or applied in place.
 */
public final class ContainerHash {
  private ContainerHash() {}

  public static String of(JsonNode container) {
    CRC32 crc = new CRC32();
    crc.update(
        (Json.text(container, "name") + "\n" + Json.text(container, "image"))
            .getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
