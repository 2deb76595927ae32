package io.troupe.control.allocation;

/** An IPv4 range; addresses are unsigned 32-bit numbers in a long. */
public record AddressRange(long first, int bits) {

  /**
   * Reads {@code a.b.c.d/n}.
   *
   * @throws IllegalArgumentException when it is not one
   */
  public static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR: " + cidr);
    }
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    long address = address(cidr.substring(0, slash));
    if (bits < 8 || bits > 30 || address < 0) {
      throw new IllegalArgumentException("not a usable IPv4 CIDR: " + cidr);
    }
    return new AddressRange(address & -(1L << (32 - bits)), bits);
  }

  public long size() {
    return 1L << (32 - bits);
  }

  /** Whether it can be given out: inside, neither the network's nor the broadcast address. */
  public boolean isUsable(long address) {
    return address > first && address < first + size() - 1;
  }

  /** Offset below which addresses are for those who ask for one (KEP-3070). */
  public long staticBand() {
    return size() <= 16 ? 0 : Math.clamp(size() / 16, 16, 256);
  }

  @Override
  public String toString() {
    return dotted(first) + "/" + bits;
  }

  static String dotted(long address) {
    return ((address >> 24) & 255)
        + "."
        + ((address >> 16) & 255)
        + "."
        + ((address >> 8) & 255)
        + "."
        + (address & 255);
  }

  /** The address as a number, -1 when the text is none. */
  static long address(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return -1;
    }
    long address = 0;
    for (String part : parts) {
      int number = part.matches("\\d{1,3}") ? Integer.parseInt(part) : 256;
      if (number > 255) {
        return -1;
      }
      address = address << 8 | number;
    }
    return address;
  }
}
