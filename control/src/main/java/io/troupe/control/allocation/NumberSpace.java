package io.troupe.control.allocation;

/**
 * A range of numbers that belong to one object each, split into blocks of 256, each a ledger.
 *
 * @param sort of its ledgers
 * @param first number that may be asked for
 * @param drawFirst first number that is drawn while others are left; those below are for who asks
 * @param last number
 */
record NumberSpace(String sort, long first, long drawFirst, long last) {
  static final String CLUSTER_IP = "cluster-ip";
  static final String NODE_PORT = "node-port";

  static NumberSpace clusterIps(AddressRange range) {
    long first = range.first() + 1;
    long last = range.first() + range.size() - 2;
    return new NumberSpace(CLUSTER_IP, first, range.first() + range.staticBand() + 1, last);
  }

  /** Ports; the lower band is upstream's (KEP-3668). */
  static NumberSpace nodePorts(AllocationRanges ranges) {
    long size = ranges.nodePortLast() - ranges.nodePortFirst() + 1L;
    long band = size <= 16 ? 0 : Math.clamp(size / 32, 16, 128);
    return new NumberSpace(
        NODE_PORT, ranges.nodePortFirst(), ranges.nodePortFirst() + band, ranges.nodePortLast());
  }

  boolean contains(long number) {
    return number >= first && number <= last;
  }

  long size() {
    return last - first + 1;
  }

  String ledger(long number) {
    return text(number & ~255L);
  }

  String text(long number) {
    return sort.equals(CLUSTER_IP) ? AddressRange.dotted(number) : Long.toString(number);
  }

  /** The number, -1 when the text is none. */
  long parse(String text) {
    if (sort.equals(CLUSTER_IP)) {
      return AddressRange.address(text);
    }
    return text.matches("\\d{1,5}") ? Long.parseLong(text) : -1;
  }
}
