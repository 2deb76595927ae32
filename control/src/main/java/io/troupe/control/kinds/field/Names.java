package io.troupe.control.kinds.field;

import java.util.ArrayList;
import java.util.List;

/**
 * The syntax rules for names, labels, keys and ports (apimachinery {@code util/validation}). Each
 * check returns what is wrong, an empty list when nothing is. Scanned by hand because a pod has
 * dozens of them.
 */
public final class Names {
  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

  private Names() {}

  public static List<String> dnsLabel(String value) {
    if (isLabel(value, 0, value.length()) && value.length() <= 63) {
      return List.of();
    }
    List<String> wrong = tooLong(value, 63, "bytes");
    if (isSubdomain(value) && value.indexOf('.') >= 0) {
      wrong.add("must not contain dots");
    } else if (!isLabel(value, 0, value.length())) {
      wrong.add(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
              + " and must start and end with an alphanumeric character"
              + regex(LABEL, "my-name", "123-abc"));
    }
    return wrong;
  }

  public static List<String> dnsSubdomain(String value) {
    if (value.length() <= 253 && isSubdomain(value)) {
      return List.of();
    }
    List<String> wrong = tooLong(value, 253, "bytes");
    if (!isSubdomain(value)) {
      wrong.add(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
              + " or '.', and must start and end with an alphanumeric character"
              + regex(SUBDOMAIN, "example.com"));
    }
    return wrong;
  }

  /** RFC 1035: a label that starts with a letter. */
  public static List<String> dns1035Label(String value) {
    boolean ok = isLabel(value, 0, value.length()) && isLower(value.charAt(0));
    if (ok && value.length() <= 63) {
      return List.of();
    }
    List<String> wrong = tooLong(value, 63, "characters");
    if (!ok) {
      wrong.add(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
              + " an alphabetic character, and end with an alphanumeric character"
              + regex("[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123"));
    }
    return wrong;
  }

  public static List<String> wildcardSubdomain(String value) {
    boolean ok = value.startsWith("*.") && isSubdomain(value.substring(2));
    if (ok && value.length() <= 253) {
      return List.of();
    }
    List<String> wrong = tooLong(value, 253, "characters");
    if (!ok) {
      wrong.add(
          "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain,"
              + " which must consist of lower case alphanumeric characters, '-' or '.' and end"
              + " with an alphanumeric character"
              + regex("\\*\\." + SUBDOMAIN, "*.example.com"));
    }
    return wrong;
  }

  /** A path segment: what a name must be at least. */
  public static List<String> pathSegment(String value) {
    if (value.equals(".") || value.equals("..")) {
      return List.of("may not be '" + value + "'");
    }
    List<String> wrong = new ArrayList<>(0);
    if (value.indexOf('/') >= 0) {
      wrong.add("may not contain '/'");
    }
    if (value.indexOf('%') >= 0) {
      wrong.add("may not contain '%'");
    }
    return wrong;
  }

  /** A label key, annotation key (lower-cased), finalizer or extended resource name. */
  public static List<String> qualifiedName(String value) {
    int slash = value.indexOf('/');
    if (slash < 0 && value.length() <= 63 && isKey(value)) {
      return List.of();
    }
    if (slash >= 0 && value.indexOf('/', slash + 1) >= 0) {
      return List.of(
          "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must"
              + " start and end with an alphanumeric character"
              + regex(KEY, "MyName", "my.name", "123-abc")
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> wrong = new ArrayList<>(0);
    if (slash == 0) {
      wrong.add("prefix part must be non-empty");
    } else if (slash > 0) {
      dnsSubdomain(value.substring(0, slash)).forEach(m -> wrong.add("prefix part " + m));
    }
    String name = value.substring(slash + 1);
    if (name.isEmpty()) {
      wrong.add("name part must be non-empty");
    } else if (name.length() > 63) {
      wrong.add("name part must be no more than 63 bytes");
    }
    if (!isKey(name)) {
      wrong.add(
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
              + " end with an alphanumeric character"
              + regex(KEY, "MyName", "my.name", "123-abc"));
    }
    return wrong;
  }

  public static List<String> labelValue(String value) {
    if (value.isEmpty() || (value.length() <= 63 && isKey(value))) {
      return List.of();
    }
    List<String> wrong = tooLong(value, 63, "bytes");
    if (!isKey(value)) {
      wrong.add(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
              + " or '.', and must start and end with an alphanumeric character"
              + regex("(" + KEY + ")?", "MyValue", "my_value", "12345"));
    }
    return wrong;
  }

  /** A key of a ConfigMap or Secret. */
  public static List<String> configKey(String value) {
    List<String> wrong = tooLong(value, 253, "characters");
    if (value.isEmpty()
        || !all(value, c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.')) {
      wrong.add(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
              + regex("[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"));
    }
    if (value.equals(".") || value.equals("..")) {
      wrong.add("must not be '" + value + "'");
    } else if (value.startsWith("..")) {
      wrong.add("must not start with '..'");
    }
    return wrong;
  }

  /** A name of an environment variable: printable ASCII without {@code =} (KEP-4369). */
  public static List<String> envName(String value) {
    if (value.isEmpty()) {
      return List.of("environment variable name must be non-empty");
    }
    return all(value, c -> c >= ' ' && c <= '~' && c != '=')
        ? List.of()
        : List.of(
            "a valid environment variable name must consist only of printable ASCII characters"
                + " other than '='");
  }

  /** A port's name (IANA service name). */
  public static List<String> portName(String value) {
    List<String> wrong = tooLong(value, 15, "characters");
    if (value.isEmpty() || !all(value, c -> isLowerAlphanumeric(c) || c == '-')) {
      wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (value.chars().noneMatch(c -> isLower((char) c))) {
      wrong.add("must contain at least one letter (a-z)");
    }
    if (value.contains("--")) {
      wrong.add("must not contain consecutive hyphens");
    }
    if (value.startsWith("-") || value.endsWith("-")) {
      wrong.add("must not begin or end with a hyphen");
    }
    return wrong;
  }

  public static List<String> port(long port) {
    return inRange(port, 1, 65535);
  }

  public static List<String> inRange(long value, long low, long high) {
    return value >= low && value <= high
        ? List.of()
        : List.of("must be between " + low + " and " + high + ", inclusive");
  }

  public static List<String> percent(String value) {
    boolean ok =
        value.length() > 1
            && value.endsWith("%")
            && all(value.substring(0, value.length() - 1), c -> c >= '0' && c <= '9');
    return ok
        ? List.of()
        : List.of(
            "a valid percent string must be a numeric string followed by an ending '%'"
                + regex("[0-9]+%", "1%", "93%"));
  }

  public static List<String> httpHeader(String value) {
    return !value.isEmpty() && all(value, c -> isAlphanumeric(c) || c == '-')
        ? List.of()
        : List.of(
            "a valid HTTP header must consist of alphanumeric characters or '-'"
                + regex("[-A-Za-z0-9]+", "X-Header-Name"));
  }

  private static String regex(String pattern, String... examples) {
    StringBuilder text = new StringBuilder(" (e.g. ");
    for (int i = 0; i < examples.length; i++) {
      text.append(i > 0 ? " or " : "").append('\'').append(examples[i]).append("', ");
    }
    return text.append("regex used for validation is '").append(pattern).append("')").toString();
  }

  private static List<String> tooLong(String value, int max, String unit) {
    List<String> wrong = new ArrayList<>(1);
    if (value.length() > max) {
      wrong.add("must be no more than " + max + " " + unit);
    }
    return wrong;
  }

  private static boolean isSubdomain(String value) {
    int from = 0;
    while (true) {
      int dot = value.indexOf('.', from);
      if (!isLabel(value, from, dot < 0 ? value.length() : dot)) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      from = dot + 1;
    }
  }

  private static boolean isLabel(String value, int from, int to) {
    if (from >= to
        || !isLowerAlphanumeric(value.charAt(from))
        || !isLowerAlphanumeric(value.charAt(to - 1))) {
      return false;
    }
    for (int i = from + 1; i < to - 1; i++) {
      char c = value.charAt(i);
      if (!isLowerAlphanumeric(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isKey(String value) {
    int end = value.length();
    return end > 0
        && isAlphanumeric(value.charAt(0))
        && isAlphanumeric(value.charAt(end - 1))
        && all(value, c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.');
  }

  /** A test of one character. */
  @FunctionalInterface
  private interface CharTest {
    boolean test(char c);
  }

  private static boolean all(String value, CharTest test) {
    for (int i = 0; i < value.length(); i++) {
      if (!test.test(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isLowerAlphanumeric(char c) {
    return isLower(c) || (c >= '0' && c <= '9');
  }

  private static boolean isAlphanumeric(char c) {
    return isLowerAlphanumeric(c) || (c >= 'A' && c <= 'Z');
  }
}
