package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** What a plain scalar means, and which strings would be taken for something else. */
final class YamlScalars {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");

  /** Booleans of YAML 1.1, which older readers still see in plain scalars. */
  private static final Set<String> OLD_BOOLEANS = Set.of("y", "n", "yes", "no", "on", "off");

  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,300}");
  private static final Pattern OLD_OCTAL = Pattern.compile("[-+]?0[0-7]{1,300}");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,300}");
  private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,300}");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");
  private static final Pattern NO_NUMBER =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  /** What any reader may take for a number or a time: it begins like one. */
  private static final Pattern NUMBER_LIKE = Pattern.compile("[-+.]?[0-9][0-9a-zA-Z_:.+\\-]*");

  private YamlScalars() {}

  static boolean isPlain(Event event) {
    return event instanceof ScalarEvent scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN;
  }

  static JsonNode resolve(ScalarEvent scalar) {
    String tag = scalar.getTag().orElse("");
    boolean text =
        tag.isEmpty()
            ? scalar.getScalarStyle() != ScalarStyle.PLAIN
            : tag.endsWith(":str") || tag.equals("!");
    return text ? NODES.textNode(scalar.getValue()) : plain(scalar.getValue());
  }

  private static JsonNode plain(String text) {
    if (NULLS.contains(text)) {
      return NullNode.getInstance();
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return NODES.booleanNode(TRUE.contains(text));
    }
    char first = text.charAt(0);
    boolean numeric = (first >= '0' && first <= '9') || "+-.".indexOf(first) >= 0;
    return numeric ? number(text) : NODES.textNode(text);
  }

  private static JsonNode number(String text) {
    if (OLD_OCTAL.matcher(text).matches()) {
      return integer(new BigInteger(text, 8));
    }
    if (INTEGER.matcher(text).matches()) {
      return integer(new BigInteger(text));
    }
    if (OCTAL.matcher(text).matches()) {
      return integer(new BigInteger(text.substring(2), 8));
    }
    if (HEX.matcher(text).matches()) {
      return integer(new BigInteger(text.substring(2), 16));
    }
    if (text.length() < 300 && FLOAT.matcher(text).matches()) {
      return NODES.numberNode(new BigDecimal(text));
    }
    if (NO_NUMBER.matcher(text).matches()) {
      throw Yaml.refused("error converting YAML to JSON: json: unsupported value: " + text);
    }
    return NODES.textNode(text);
  }

  private static JsonNode integer(BigInteger value) {
    return value.bitLength() < 64
        ? ProtobufReader.integer(value.longValue())
        : NODES.numberNode(value);
  }

  /** Whether a string must be quoted lest some reader takes it for something else. */
  static boolean isAmbiguous(String text) {
    return NULLS.contains(text)
        || TRUE.contains(text)
        || FALSE.contains(text)
        || OLD_BOOLEANS.contains(text.toLowerCase(Locale.ROOT))
        || NUMBER_LIKE.matcher(text).matches()
        || NO_NUMBER.matcher(text).matches()
        || text.equals("<<")
        || text.equals("=");
  }
}
