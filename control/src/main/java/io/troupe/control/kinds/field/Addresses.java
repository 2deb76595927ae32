package io.troupe.control.kinds.field;

import java.util.List;

/** IP addresses and networks as text. Parsed here, since the JDK would also resolve host names. */
public final class Addresses {
  private Addresses() {}

  public static boolean isIpv4(String text) {
    int parts = 0;
    int value = -1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.') {
        if (value < 0 || value > 255) {
          return false;
        }
        parts++;
        value = -1;
      } else if (c < '0' || c > '9' || value > 255) {
        return false;
      } else {
        value = Math.max(value, 0) * 10 + (c - '0');
      }
    }
    return parts == 4;
  }

  public static boolean isIpv6(String text) {
    if (text.indexOf(':') < 0 || text.indexOf('%') >= 0) {
      return false;
    }
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    if (gap < 0) {
      return groups(text) == 8;
    }
    int before = groups(text.substring(0, gap));
    int after = groups(text.substring(gap + 2));
    return before >= 0 && after >= 0 && before + after < 8;
  }

  /** How many 16-bit groups the colon-separated text has; -1 when one is bad. */
  private static int groups(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
        if (!isIpv4(parts[i])) {
          return -1;
        }
        count += 2;
      } else if (isHexGroup(parts[i])) {
        count++;
      } else {
        return -1;
      }
    }
    return count;
  }

  private static boolean isHexGroup(String text) {
    return !text.isEmpty()
        && text.length() <= 4
        && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
  }

  public static boolean isIp(String text) {
    return isIpv4(text) || isIpv6(text);
  }

  public static List<String> ip(String text) {
    return isIp(text)
        ? List.of()
        : List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  }

  public static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String ip = text.substring(0, slash);
    int bits = isIpv4(ip) ? 32 : isIpv6(ip) ? 128 : -1;
    String length = text.substring(slash + 1);
    return bits > 0
        && !length.isEmpty()
        && length.length() <= 3
        && length.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(length) <= bits;
  }

  public static List<String> cidr(String text) {
    return isCidr(text)
        ? List.of()
        : List.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  }
}
