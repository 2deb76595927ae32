package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.stream.Collectors;

/** The containers of a pod template in one cell. */
public final class ContainerCells {
  private ContainerCells() {}

  public static String names(JsonNode template) {
    return joined(template, "name");
  }

  public static String images(JsonNode template) {
    return joined(template, "image");
  }

  private static String joined(JsonNode template, String field) {
    return Json.items(template, "spec", "containers").stream()
        .map(c -> Json.text(c, field))
        .collect(Collectors.joining(","));
  }
}
