package io.troupe.api.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b | true",
        "a==b | true",
        "a!=b | false",
        "a in (b,c) | true",
        "a notin (b,c) | false",
        "a | true",
        "!a | false",
        "!zz | true",
        "n>4,n<6 | true",
        "n>5 | false",
        "a=b,in=x | false",
        "zz!=1 | true",
        "zz in () | false",
        "a=b,n in (5,6),!q | true",
      })
  void shouldMatchAsKubernetesDoes(String text, boolean matches) {
    LabelSelector selector = LabelSelector.parse(text);
    assertThat(selector.matches(Map.of("a", "b", "n", "5"))).isEqualTo(matches);
    assertThat(
            selector.matchesObject(
                Json.parse("{\"metadata\":{\"labels\":{\"a\":\"b\",\"n\":\"5\"}}}")))
        .isEqualTo(matches);
    assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a=b,, | found ',', expected: identifier after ','",
        "a in b | unable to parse requirement: found 'b' expected: '('",
        "a in (b | unable to parse requirement: found '', expected: ',' or ')'",
        "a b | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        ",a | found ',', expected: !, identifier, or 'end of string'",
        "!a=b | found '=', expected: ',' or 'end of string'",
        "a=b c | found 'c', expected: ',' or 'end of string'",
        "a>x | unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt'"
            + " operators, the value must be an integer",
        "a_=b | unable to parse requirement: <nil>: Invalid value: \"a_\": name part must consist"
            + " of alphanumeric characters, '-', '_' or '.', and must start and end with an"
            + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used"
            + " for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      })
  void shouldRefuseWithTheWordsOfUpstream(String text, String message) {
    assertThatThrownBy(() -> LabelSelector.parse(text))
        .isInstanceOf(RefusedException.class)
        .hasMessage(message);
  }

  @Test
  void shouldReadSelectorObjects() {
    LabelSelector selector =
        LabelSelector.of(
            Json.parse(
                """
                {"matchLabels":{"z":"1"},
                 "matchExpressions":[{"key":"a","operator":"NotIn","values":["y","x"]}]}"""));
    assertThat(selector).hasToString("a notin (x,y),z=1");
    assertThat(LabelSelector.of(null).matches(Map.of())).isFalse();
    assertThat(LabelSelector.of(Json.object()).matches(Map.of())).isTrue();
    assertThat(selector.exactValue("z")).contains("1");
  }

  @Test
  void shouldSelectByFieldsWithEscapes() {
    FieldSelector selector =
        FieldSelector.parse("status.phase!=Running,metadata.name=a\\,b,spec.x==y");
    assertThat(selector.exactValue("metadata.name")).contains("a,b");
    Map<String, String> values = Map.of("metadata.name", "a,b", "spec.x", "y");
    assertThat(selector.matches(path -> values.getOrDefault(path, ""))).isTrue();
    assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
    assertThatThrownBy(() -> FieldSelector.parse("a=b,nonsense"))
        .hasMessage("invalid selector: 'a=b,nonsense'; can't understand 'nonsense'");
    assertThatThrownBy(() -> FieldSelector.parse("a=b\\c"))
        .hasMessage("invalid field selector: invalid escape sequence: \\c");
  }
}
