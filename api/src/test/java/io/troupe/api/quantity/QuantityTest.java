package io.troupe.api.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "0Ki,0",
    "1024Ki,1Mi",
    "1.5Gi,1536Mi",
    "100m,100m",
    "0.1,100m",
    "1000m,1",
    "1500m,1500m",
    "2000,2k",
    "1e3,1e3",
    "1000e3,1e6",
    "0.5Mi,512Ki",
    "1.1Ki,1126400m",
    "0.0000000001,1n",
    "100Ki,100Ki",
    "512,512",
    "-1.5,-1500m",
    "10E,10E",
    "9223372036854775807,9223372036854775807",
    "16Ei,9223372036854775807",
    ".5,500m",
    "1.,1.",
    "+5,+5",
  })
  void shouldShowTheCanonicalForm(String text, String canonical) {
    assertThat(Quantity.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1 ", " 1", "1.1.M", "0.1mi", "1i", "1Kx", "--1", "5ee3"})
  void shouldRefuseWhatIsNoQuantity(String text) {
    assertThatThrownBy(() -> Quantity.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("quantities must match.*|unable to parse .*");
  }

  @Property
  void shouldReadBackWhatItWrites(@ForAll @LongRange(min = -1L << 53, max = 1L << 53) long amount) {
    for (Quantity q :
        new Quantity[] {Quantity.of(amount), Quantity.ofBytes(amount), Quantity.ofMillis(amount)}) {
      assertThat(Quantity.parse(q.toString())).isEqualTo(q);
    }
  }

  @Property
  void shouldAddExactly(
      @ForAll @LongRange(min = 0, max = 1L << 40) long a,
      @ForAll @LongRange(min = 0, max = 1L << 40) long b) {
    assertThat(Quantity.ofMillis(a).add(Quantity.ofMillis(b)).milliValue()).isEqualTo(a + b);
    assertThat(Quantity.ofBytes(a).subtract(Quantity.ofBytes(b)).value()).isEqualTo(a - b);
  }
}
