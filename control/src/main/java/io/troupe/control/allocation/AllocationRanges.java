package io.troupe.control.allocation;

/**
 * What there is to give out.
 *
 * @param services cluster IPs, for example {@code 10.96.0.0/16}
 * @param nodePortFirst first node port
 * @param nodePortLast last node port
 * @param pods the cluster's pod addresses, for example {@code 10.244.0.0/16}
 * @param podBits prefix length of one node's part, for example 24
 */
public record AllocationRanges(
    AddressRange services, int nodePortFirst, int nodePortLast, AddressRange pods, int podBits) {
  public static AllocationRanges of(String serviceCidr, String podCidr, int podBits) {
    return new AllocationRanges(
        AddressRange.parse(serviceCidr), 30000, 32767, AddressRange.parse(podCidr), podBits);
  }

  public static final AllocationRanges DEFAULT = of("10.96.0.0/16", "10.244.0.0/16", 24);
}
