package io.troupe.control.kinds.net;

import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import java.util.Locale;

/** Addresses to which traffic may be sent: nothing on this node itself, nothing link-local. */
final class EndpointAddresses {
  private EndpointAddresses() {}

  static void check(String ip, FieldPath path, Errors errors) {
    if (!Addresses.isIp(ip)) {
      return;
    }
    String lower = ip.toLowerCase(Locale.ROOT);
    if (ip.equals("0.0.0.0") || ip.equals("::")) {
      errors.invalid(path, ip, "may not be unspecified (" + ip + ")");
    } else if (ip.startsWith("127.") || ip.equals("::1")) {
      errors.invalid(path, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    } else if (ip.startsWith("169.254.") || lower.matches("fe[89ab].:.*")) {
      errors.invalid(path, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    } else if (ip.startsWith("224.0.0.") || lower.startsWith("ff02:")) {
      errors.invalid(
          path, ip, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
  }
}
