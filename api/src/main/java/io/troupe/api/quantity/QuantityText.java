package io.troupe.api.quantity;

import io.troupe.api.quantity.Quantity.Notation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Reads and writes the notations of quantities. */
final class QuantityText {
  private static final String WRONG_FORMAT =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  private static final String WRONG_NUMBER = "unable to parse numeric part of quantity";
  private static final String WRONG_SUFFIX = "unable to parse quantity's suffix";

  /** Longer text is refused: no real amount comes near, and big numbers are slow. */
  private static final int LENGTH_MAX = 1_000;

  private static final int EXPONENT_MAX = 1_000;
  private static final int SMALLEST_SCALE = 9;
  private static final int LONG_DIGITS = 18;
  private static final BigDecimal BINARY_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigInteger KIBI = BigInteger.valueOf(1024);

  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};

  private QuantityText() {}

  /** The parts of the text, before they mean anything. */
  private record Parts(String whole, String fraction, String number, String suffix) {}

  private record Suffix(Notation notation, int exponent) {}

  static Quantity parse(String text) {
    if (text.isEmpty() || text.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(WRONG_FORMAT);
    }
    if (text.equals("0")) {
      return Quantity.ZERO;
    }
    Parts parts = split(text);
    Suffix suffix = suffix(parts.suffix());
    Quantity small = small(text, parts, suffix);
    return small != null ? small : large(parts, suffix);
  }

  /**
   * Numbers that fit a long, which upstream shows as they were written when they look canonical.
   */
  private static Quantity small(String text, Parts parts, Suffix suffix) {
    String digits = parts.whole() + parts.fraction();
    boolean binary = suffix.notation() == Notation.BINARY_SI;
    int room =
        binary
            ? 15 - parts.whole().length() - (int) (suffix.exponent() * 3 / 10f) - 1
            : LONG_DIGITS - digits.length();
    int scale = binary ? 0 : parts.fraction().length() - suffix.exponent();
    if (room < 0 || scale > SMALLEST_SCALE || (binary && !parts.fraction().isEmpty())) {
      return null;
    }
    long value = Long.parseLong(digits);
    BigDecimal amount = BigDecimal.valueOf(text.startsWith("-") ? -value : value, scale);
    if (binary) {
      boolean asWritten = (value & 7) != 0;
      amount = amount.multiply(Quantity.binary(suffix.exponent()));
      return new Quantity(amount, suffix.notation(), asWritten ? text : null);
    }
    boolean asWritten = scale % 3 == 0 && !digits.endsWith("000") && digits.charAt(0) != '0';
    return new Quantity(amount, suffix.notation(), asWritten ? text : null);
  }

  /** Any other number: never below a billionth, and capped where the notation is binary. */
  private static Quantity large(Parts parts, Suffix suffix) {
    BigDecimal amount;
    try {
      amount = new BigDecimal(parts.number());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(WRONG_NUMBER, e);
    }
    Notation notation = suffix.notation();
    if (notation != Notation.BINARY_SI) {
      amount = amount.scaleByPowerOfTen(suffix.exponent());
      return new Quantity(rounded(amount), notation, null);
    }
    amount = rounded(amount.multiply(Quantity.binary(suffix.exponent())));
    if (amount.abs().compareTo(BINARY_MAX) > 0) {
      amount = amount.signum() < 0 ? BINARY_MAX.negate() : BINARY_MAX;
    }
    boolean fraction = amount.signum() != 0 && amount.abs().compareTo(BigDecimal.ONE) < 0;
    return new Quantity(amount, fraction ? Notation.DECIMAL_SI : notation, null);
  }

  private static BigDecimal rounded(BigDecimal amount) {
    return amount.scale() > SMALLEST_SCALE
        ? amount.setScale(SMALLEST_SCALE, RoundingMode.UP)
        : amount;
  }

  private static Parts split(String text) {
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    while (start < text.length() && text.charAt(start) == '0') {
      start++;
    }
    if (start == text.length()) {
      return new Parts("0", "", "0", "");
    }
    int end = skipDigits(text, start);
    String whole = end == start ? "0" : text.substring(start, end);
    String fraction = "";
    if (end < text.length() && text.charAt(end) == '.') {
      int from = end + 1;
      end = skipDigits(text, from);
      fraction = text.substring(from, end);
    }
    return new Parts(whole, fraction, text.substring(0, end), checkedSuffix(text.substring(end)));
  }

  private static String checkedSuffix(String suffix) {
    int end = 0;
    while (end < suffix.length() && "eEinumkKMGTP".indexOf(suffix.charAt(end)) >= 0) {
      end++;
    }
    if (end < suffix.length() && (suffix.charAt(end) == '-' || suffix.charAt(end) == '+')) {
      end++;
    }
    if (skipDigits(suffix, end) != suffix.length()) {
      throw new IllegalArgumentException(WRONG_FORMAT);
    }
    return suffix;
  }

  private static int skipDigits(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static Suffix suffix(String suffix) {
    for (int i = 0; i < DECIMAL.length; i++) {
      if (DECIMAL[i].equals(suffix)) {
        return new Suffix(Notation.DECIMAL_SI, (i - 3) * 3);
      }
    }
    for (int i = 1; i < BINARY.length; i++) {
      if (BINARY[i].equals(suffix)) {
        return new Suffix(Notation.BINARY_SI, i * 10);
      }
    }
    if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
      try {
        int exponent = Integer.parseInt(suffix.substring(1));
        if (Math.abs((long) exponent) <= EXPONENT_MAX) {
          return new Suffix(Notation.DECIMAL_EXPONENT, exponent);
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(WRONG_SUFFIX, e);
      }
    }
    throw new IllegalArgumentException(WRONG_SUFFIX);
  }

  static String canonical(BigDecimal amount, Notation notation) {
    if (amount.signum() == 0) {
      return "0";
    }
    boolean binary =
        notation == Notation.BINARY_SI
            && amount.abs().compareTo(BigDecimal.valueOf(1024)) >= 0
            && amount.stripTrailingZeros().scale() <= 0;
    return binary
        ? binary(amount.toBigIntegerExact())
        : decimal(amount, notation == Notation.DECIMAL_EXPONENT);
  }

  private static String decimal(BigDecimal amount, boolean exponents) {
    BigDecimal stripped = amount.stripTrailingZeros();
    int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
    String number = stripped.scaleByPowerOfTen(-exponent).toBigIntegerExact().toString();
    if (!exponents && exponent >= -9 && exponent <= 18) {
      return number + DECIMAL[exponent / 3 + 3];
    }
    return exponent == 0 ? number : number + "e" + exponent;
  }

  private static String binary(BigInteger amount) {
    int times = 0;
    BigInteger rest = amount;
    while (times < BINARY.length - 1 && rest.mod(KIBI).signum() == 0) {
      rest = rest.divide(KIBI);
      times++;
    }
    return rest + BINARY[times];
  }
}
