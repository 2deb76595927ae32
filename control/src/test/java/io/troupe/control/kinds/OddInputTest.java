package io.troupe.control.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client sends, the answer is a decision, never an exception. */
class OddInputTest {
  private static final long SEED = 20_261_125;
  private static final int ROUNDS = 60;
  private static final List<String> ODD =
      List.of(
          "null",
          "\"\"",
          "\"Ä ö/..%\"",
          "0",
          "-1",
          "9999999999999",
          "1.5",
          "true",
          "[]",
          "{}",
          "[null]",
          "[{}]",
          "{\"a\":null}",
          "\"" + "x".repeat(300) + "\"");

  @ParameterizedTest
  @MethodSource("io.troupe.control.kinds.EveryKindTest#samples")
  void shouldAnswerOddBodies(EveryKindTest.Sample sample) {
    Random random = new Random(SEED + sample.toString().hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      ObjectNode body = Json.parse(Bench.json(sample.body()));
      mutate(body, random);
      if (random.nextBoolean()) {
        mutate(body, random);
      }
      Bench bench = new Bench(sample.apiVersion(), sample.kind(), sample.name());
      check(body, () -> bench.create(body.toString().replace("'", "")));
      Bench changed = new Bench(sample.apiVersion(), sample.kind(), sample.name());
      changed.created(sample.body());
      String text = new String(Json.bytes(body), StandardCharsets.UTF_8).replace("'", "");
      check(body, () -> changed.merge("", text));
    }
  }

  /** A decision to be made. */
  private interface Deciding {
    Decision decide();
  }

  private static void check(ObjectNode body, Deciding deciding) {
    try {
      assertThat(deciding.decide()).isNotNull();
    } catch (RuntimeException e) {
      fail("seed " + SEED + ", body " + body, e);
    }
  }

  private static void mutate(ObjectNode body, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(body, containers);
    JsonNode chosen = containers.get(random.nextInt(containers.size()));
    JsonNode odd = odd(random);
    if (chosen instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      object.set(names.get(random.nextInt(names.size())), odd);
    } else {
      ((ArrayNode) chosen).set(random.nextInt(chosen.size()), odd);
    }
  }

  private static JsonNode odd(Random random) {
    try {
      return Json.MAPPER.readTree(ODD.get(random.nextInt(ODD.size())));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}
