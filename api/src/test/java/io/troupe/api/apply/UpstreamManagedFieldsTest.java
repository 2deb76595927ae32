package io.troupe.api.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Random writes by several managers, with what upstream's field manager (v1.37.2) made of each; it
 * stamped the writes within a second or two, so the newest time in an answer is the write's.
 */
class UpstreamManagedFieldsTest {
  private final FactKinds kinds = new FactKinds();

  @Test
  void shouldOwnFieldsAsUpstreamDoes() throws IOException {
    int writes = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                UpstreamManagedFieldsTest.class.getResourceAsStream("upstream-1.37.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        check(Json.parse(line), ++writes);
      }
    }
    assertThat(writes).isGreaterThan(50);
  }

  private void check(ObjectNode sample, int number) {
    JsonNode expected = sample.has("error") ? sample.get("error") : sample.get("managedFields");
    assertThat(actual(sample, newestTime(expected)).toString())
        .as("write %d", number)
        .isEqualTo(expected.toString());
  }

  private JsonNode actual(ObjectNode sample, String time) {
    String apiVersion = Json.text(sample, "apiVersion");
    String kind = Json.text(sample, "kind");
    FieldSet reset =
        sample.has("reset") ? FieldSet.ofFields(sample.at("/reset/0").asText()) : FieldSet.EMPTY;
    ManagedWrite write =
        new ManagedWrite(
            kinds.byKind(apiVersion, kind).orElseThrow().schema(),
            apiVersion,
            kind,
            Json.text(sample, "subresource"),
            reset,
            Json.text(sample, "manager"),
            time);
    ObjectNode live = sample.get("live") instanceof ObjectNode object ? object : null;
    ObjectNode given = (ObjectNode) sample.get("new");
    try {
      JsonNode entries =
          Json.text(sample, "op").equals("apply")
              ? ServerSideApply.apply(live, given, write, Json.flag(sample, false, "force"))
                  .path("metadata")
                  .get("managedFields")
              : ManagedFields.update(live, given, write);
      return entries == null ? NullNode.getInstance() : entries;
    } catch (RefusedException e) {
      return Json.MAPPER.getNodeFactory().textNode(e.getMessage());
    }
  }

  private static String newestTime(JsonNode entries) {
    String newest = "";
    for (JsonNode entry : entries) {
      String time = Json.text(entry, "time");
      newest = time.compareTo(newest) > 0 ? time : newest;
    }
    return newest.isEmpty() ? "2030-01-01T00:00:00Z" : newest;
  }
}
