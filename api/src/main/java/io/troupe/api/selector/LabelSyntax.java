package io.troupe.api.selector;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What label keys and values may look like; each check returns what is wrong, nothing when fine.
 */
public final class LabelSyntax {
  private static final int LABEL_BYTES_MAX = 63;
  private static final int SUBDOMAIN_BYTES_MAX = 253;

  private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String VALUE = "(" + NAME + ")?";
  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = DNS_LABEL + "(\\." + DNS_LABEL + ")*";
  private static final Pattern NAME_PATTERN = Pattern.compile(NAME);
  private static final Pattern VALUE_PATTERN = Pattern.compile(VALUE);
  private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);

  private static final String NAME_RULE =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
          + "regex used for validation is '"
          + NAME
          + "')";
  private static final String VALUE_RULE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is '"
          + VALUE
          + "')";
  private static final String SUBDOMAIN_RULE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', "
          + "regex used for validation is '"
          + SUBDOMAIN
          + "')";

  private LabelSyntax() {}

  /** A label key, also called a qualified name: {@code [prefix/]name}. */
  public static List<String> keyProblems(String key) {
    if (isPlainKey(key)) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    String[] parts = key.split("/", -1);
    if (parts.length > 2) {
      return List.of(
          "a valid label key "
              + NAME_RULE
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    if (parts.length == 2) {
      prefixProblems(parts[0]).forEach(p -> problems.add("prefix part " + p));
    }
    String name = parts[parts.length - 1];
    if (name.isEmpty()) {
      problems.add("name part must be non-empty");
    } else if (bytes(name) > LABEL_BYTES_MAX) {
      problems.add("name part must be no more than " + LABEL_BYTES_MAX + " bytes");
    }
    if (!NAME_PATTERN.matcher(name).matches()) {
      problems.add("name part " + NAME_RULE);
    }
    return problems;
  }

  public static List<String> valueProblems(String value) {
    List<String> problems = new ArrayList<>(0);
    if (bytes(value) > LABEL_BYTES_MAX) {
      problems.add("must be no more than " + LABEL_BYTES_MAX + " bytes");
    }
    if (!VALUE_PATTERN.matcher(value).matches()) {
      problems.add(VALUE_RULE);
    }
    return problems;
  }

  private static List<String> prefixProblems(String prefix) {
    if (prefix.isEmpty()) {
      return List.of("must be non-empty");
    }
    List<String> problems = new ArrayList<>();
    if (bytes(prefix) > SUBDOMAIN_BYTES_MAX) {
      problems.add("must be no more than " + SUBDOMAIN_BYTES_MAX + " bytes");
    }
    if (!SUBDOMAIN_PATTERN.matcher(prefix).matches()) {
      problems.add(SUBDOMAIN_RULE);
    }
    return problems;
  }

  /** Most keys are short words; they need no pattern. */
  private static boolean isPlainKey(String key) {
    if (key.isEmpty() || key.length() > LABEL_BYTES_MAX) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
