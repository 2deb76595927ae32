package io.troupe.api.quantity;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact amount and the notation in which it is shown. Two quantities are equal when their
 * amounts are, whatever the notation.
 */
public final class Quantity implements Comparable<Quantity> {

  /** The family of suffixes. */
  public enum Notation {
    /** {@code 12M} is 12 × 10^6. */
    DECIMAL_SI,
    /** {@code 12Mi} is 12 × 2^20. */
    BINARY_SI,
    /** {@code 12e6}. */
    DECIMAL_EXPONENT
  }

  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Notation.DECIMAL_SI, "0");

  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final BigDecimal amount;
  private final Notation notation;

  /** Canonical, or as it was read where upstream keeps that; made when first asked for. */
  private String text;

  Quantity(BigDecimal amount, Notation notation, String text) {
    this.amount = amount;
    this.notation = notation;
    this.text = text;
  }

  /**
   * Parses.
   *
   * @throws IllegalArgumentException with upstream's message
   */
  public static Quantity parse(String text) {
    return QuantityText.parse(text);
  }

  /**
   * Reads a JSON string or number; absent and null are zero.
   *
   * @throws IllegalArgumentException with upstream's message
   */
  public static Quantity of(JsonNode node) {
    return node == null || node.isNull() || node.isMissingNode()
        ? ZERO
        : parse(node.asText().strip());
  }

  public static Quantity of(long amount) {
    return new Quantity(BigDecimal.valueOf(amount), Notation.DECIMAL_SI, null);
  }

  public static Quantity of(BigDecimal amount, Notation notation) {
    return new Quantity(amount, notation, null);
  }

  /** Bytes, shown as {@code Ki}, {@code Mi} …. */
  public static Quantity ofBytes(long bytes) {
    return new Quantity(BigDecimal.valueOf(bytes), Notation.BINARY_SI, null);
  }

  /** Thousandths, as CPU is counted. */
  public static Quantity ofMillis(long millis) {
    return new Quantity(BigDecimal.valueOf(millis, 3), Notation.DECIMAL_SI, null);
  }

  public BigDecimal amount() {
    return amount;
  }

  public Notation notation() {
    return notation;
  }

  /** The amount, rounded away from zero to a whole number; capped to what a long holds. */
  public long value() {
    return capped(amount);
  }

  /** Thousandths of the amount, rounded away from zero; capped to what a long holds. */
  public long milliValue() {
    return capped(amount.multiply(THOUSAND));
  }

  private static long capped(BigDecimal exact) {
    if (exact.abs().compareTo(LONG_MAX) >= 0) {
      return exact.signum() < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
    }
    return exact.setScale(0, RoundingMode.UP).longValueExact();
  }

  /** The sum, in this notation unless this is zero. */
  public Quantity add(Quantity other) {
    return new Quantity(amount.add(other.amount), notationWith(other), null);
  }

  public Quantity subtract(Quantity other) {
    return new Quantity(amount.subtract(other.amount), notationWith(other), null);
  }

  public Quantity negate() {
    return new Quantity(amount.negate(), notation, null);
  }

  public Quantity multiply(long factor) {
    return new Quantity(amount.multiply(BigDecimal.valueOf(factor)), notation, null);
  }

  public Quantity max(Quantity other) {
    return compareTo(other) >= 0 ? this : other;
  }

  private Notation notationWith(Quantity other) {
    return isZero() ? other.notation : notation;
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  public int signum() {
    return amount.signum();
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quantity that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  /** The text that the API shows. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = QuantityText.canonical(amount, notation);
      text = known;
    }
    return known;
  }

  static BigDecimal binary(int exponent) {
    return new BigDecimal(BigInteger.ONE.shiftLeft(exponent));
  }
}
