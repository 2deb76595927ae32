package io.troupe.control.apiserver.streaming;

/** The {@code [scheme:]name[:port]} form of a proxied object's name. */
record ProxyName(String scheme, String name, String port) {
  static ProxyName parse(String text) {
    String[] parts = text.split(":", -1);
    return switch (parts.length) {
      case 1 -> new ProxyName("", parts[0], "");
      case 2 -> new ProxyName("", parts[0], parts[1]);
      default -> new ProxyName(parts[0], parts[1], parts[2]);
    };
  }
}
