package io.troupe.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.RefusedException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class YamlTest {

  @Test
  void shouldReadManifests() {
    JsonNode read =
        Yaml.parse(
                """
                # a comment
                base: &base {a: 1, b: two}
                merged:
                  <<: *base
                  b: three
                mode: 0644
                hex: 0x1F
                word: yes
                on: off
                empty:
                quoted: "0644"
                float: 1.50
                time: 2026-01-02T03:04:05Z
                5: five
                text: |
                  first
                    second
                list:
                - a
                - {b: [c]}
                """)
            .value();
    assertThat(read.toString())
        .isEqualTo(
            """
            {"base":{"a":1,"b":"two"},"merged":{"b":"three","a":1},"mode":420,"hex":31,"word":"yes",\
            "on":"off","empty":null,"quoted":"0644","float":1.50,"time":"2026-01-02T03:04:05Z",\
            "5":"five","text":"first\\n  second\\n","list":["a",{"b":["c"]}]}""");
  }

  @Test
  void shouldReadJsonAndManyDocuments() {
    assertThat(Yaml.parse("{\"a\":[1,true,null,\"x\"]}").value().toString())
        .isEqualTo("{\"a\":[1,true,null,\"x\"]}");
    assertThat(Yaml.parseAll("---\na: 1\n---\nb: 2\n...\n")).hasSize(2);
    assertThat(Yaml.parse("a: 1\na: 2\n").duplicateKeys())
        .containsExactly("key \"a\" already set in map");
    assertThat(Yaml.parse("").value().isNull()).isTrue();
    JsonNode lines = JsonNodeFactory.instance.textNode("-\n");
    assertThat(Yaml.parse(Yaml.write(lines)).value()).isEqualTo(lines);
  }

  @Test
  void shouldRefuseWhatIsTooMuch() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      laughs.append("a%d: &a%d [".formatted(i, i));
      laughs.append("*a%d,".formatted(i - 1).repeat(9)).append("x]\n");
    }
    assertThatThrownBy(() -> Yaml.parse(laughs.toString()))
        .isInstanceOf(RefusedException.class)
        .hasMessage("yaml: document contains excessive aliasing");
    assertThatThrownBy(() -> Yaml.parse("[".repeat(5_000))).isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> Yaml.parse("a: [b\nc: d"))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("error converting YAML to JSON: yaml: ");
    assertThatThrownBy(() -> Yaml.parse("a: &a [*a]")).isInstanceOf(RefusedException.class);
  }

  @Test
  void shouldWriteAsKubectlShows() {
    ObjectNode object =
        Json.parse(
            """
            {"kind":"X","b":{"list":[{"n":"a","m":{"k":[]}},[1,[2]],"yes","1.5","a: b",""],"t":"l1\\nl2\\n"},
             "a":null,"n":-1}""");
    assertThat(Yaml.write(object))
        .isEqualTo(
            """
            a: null
            b:
              list:
              - m:
                  k: []
                "n": a
              -
                - 1
                -
                  - 2
              - "yes"
              - "1.5"
              - "a: b"
              - ""
              t: |
                l1
                l2
            kind: X
            "n": -1
            """);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void shouldReadBackWhatItWrites(@ForAll("trees") JsonNode tree) {
    String text = Yaml.write(tree);
    assertThat(JsonEquality.same(Yaml.parse(text).value(), tree)).as(text).isTrue();
  }

  @Provide
  Arbitrary<JsonNode> trees() {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    Arbitrary<String> words =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMaxLength(12),
            Arbitraries.strings().withChars(" \n-:#'\"\\|>a0{[&*!%@\tü\u0085").ofMaxLength(8),
            Arbitraries.of("yes", "0644", "1e3", "~", "<<", "-", "---", "a: b", "0x1", "1:30"));
    Arbitrary<JsonNode> tree =
        Arbitraries.oneOf(
            words.map(nodes::textNode),
            Arbitraries.integers().map(nodes::numberNode),
            Arbitraries.of(true, false).map(nodes::booleanNode),
            Arbitraries.just(nodes.nullNode()));
    for (int depth = 0; depth < 3; depth++) {
      tree =
          Arbitraries.oneOf(
              tree,
              tree.list().ofMaxSize(3).map(YamlTest::array),
              Arbitraries.maps(words, tree).ofMaxSize(3).map(YamlTest::object));
    }
    return tree;
  }

  private static JsonNode array(Iterable<JsonNode> items) {
    ArrayNode array = Json.array();
    items.forEach(array::add);
    return array;
  }

  private static JsonNode object(java.util.Map<String, JsonNode> fields) {
    return Json.object().setAll(fields);
  }
}
