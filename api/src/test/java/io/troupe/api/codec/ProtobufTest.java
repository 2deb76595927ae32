package io.troupe.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against samples that upstream's generated code (v1.37.2) made: type, protobuf, JSON. */
class ProtobufTest {
  private static final FactKinds KINDS = new FactKinds();
  private static final Protobuf PROTOBUF = new Protobuf(KINDS::body);

  private record Sample(String type, byte[] protobuf, ObjectNode json) {}

  private static List<Sample> samples() throws IOException {
    try (InputStream in = ProtobufTest.class.getResourceAsStream("upstream-1.37.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(ProtobufTest::sample).toList();
    }
  }

  private static Sample sample(String line) {
    String[] words = line.split(" ", 4);
    return new Sample(
        words[0] + " " + words[1], Base64.getDecoder().decode(words[2]), Json.parse(words[3]));
  }

  /** Pointers without omitempty print null where we leave the field out. */
  private static boolean same(JsonNode left, JsonNode right) {
    return JsonEquality.same(withoutNulls(left.deepCopy()), withoutNulls(right.deepCopy()));
  }

  private static JsonNode withoutNulls(JsonNode own) {
    if (own instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
    }
    own.forEach(ProtobufTest::withoutNulls);
    return own;
  }

  @Test
  void shouldReadWhatUpstreamWrites() throws IOException {
    for (Sample sample : samples()) {
      ObjectNode read = PROTOBUF.decode(sample.protobuf(), "", "");
      assertThat(same(read, sample.json()))
          .as("%s\n%s\n%s", sample.type(), read, sample.json())
          .isTrue();
    }
    assertThat(samples()).hasSizeGreaterThan(80);
  }

  @Test
  void shouldReadBackWhatItWrites() throws IOException {
    for (Sample sample : samples()) {
      ObjectNode read = PROTOBUF.decode(PROTOBUF.encode(sample.json()), "", "");
      assertThat(same(read, sample.json())).as(sample.type()).isTrue();
    }
  }

  @Test
  void shouldSurviveAnyBytes() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (Sample sample : samples()) {
      for (int i = 0; i < 200; i++) {
        byte[] broken = Arrays.copyOf(sample.protobuf(), sample.protobuf().length);
        for (int j = 0; j < 3; j++) {
          broken[4 + random.nextInt(broken.length - 4)] = (byte) random.nextInt();
        }
        try {
          PROTOBUF.decode(broken, "v1", "Pod");
        } catch (RefusedException e) {
          assertThat(e.refusal().code()).as("seed %d", seed).isEqualTo(400);
        }
      }
    }
  }

  @Test
  void shouldRefuseBodiesThatGrowTooMuch() {
    // Two bytes for each empty container.
    byte[] containers = new byte[800_000];
    for (int i = 0; i < containers.length; i += 2) {
      containers[i] = 0x12;
    }
    BackwardBuffer out = new BackwardBuffer();
    out.raw(containers);
    out.close(2, 0);
    out.close(2, 0);
    out.raw(new byte[] {'k', '8', 's', 0});
    assertThatThrownBy(() -> PROTOBUF.decode(out.toByteArray(), "v1", "Pod"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("too many values");
    assertThatThrownBy(() -> PROTOBUF.decode("{}".getBytes(StandardCharsets.UTF_8), "v1", "Pod"))
        .hasMessage(
            "provided data does not appear to be a protobuf message,"
                + " expected prefix [107 56 115 0]");
  }

  @Test
  void shouldFrameWatchEventsAndJoinLists() {
    ObjectNode map =
        Json.parse(
            """
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"x":"1"}}""");
    byte[] frame = Protobuf.frame("ADDED", PROTOBUF.encode(map));
    assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - 4);
    byte[] item = PROTOBUF.encodeItem(map, KINDS.body("v1", "ConfigMap").orElseThrow());
    ObjectNode metadata = Json.parse("{\"resourceVersion\":\"7\"}");
    byte[] list = PROTOBUF.encodeList("v1", "ConfigMapList", metadata, List.of(item, item));
    ObjectNode read = PROTOBUF.decode(list, "", "");
    assertThat(read.at("/items/1/data/x").asText()).isEqualTo("1");
    assertThat(read.at("/metadata/resourceVersion").asText()).isEqualTo("7");
  }
}
