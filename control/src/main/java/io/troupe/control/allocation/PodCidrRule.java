package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.Ledgers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives each node the lowest free part of the cluster's pod addresses. */
final class PodCidrRule implements Ledgers.Rule {
  static final String SORT = "pod-cidr";
  static final String LEDGER = "nodes";

  @Override
  public Ledgers.Verdict admit(
      Map<String, ObjectNode> claims, String claimId, ObjectNode wanted, ObjectNode limits) {
    AddressRange cluster = AddressRange.parse(Json.text(limits, "range"));
    int bits = (int) Json.number(limits, 24, "bits");
    Set<String> used = new HashSet<>();
    claims.values().forEach(c -> used.add(Json.text(c, "cidr")));
    long step = 1L << (32 - bits);
    for (long at = cluster.first(); at < cluster.first() + cluster.size(); at += step) {
      String cidr = AddressRange.dotted(at) + "/" + bits;
      if (!used.contains(cidr)) {
        return new Ledgers.Verdict.Grant(wanted.deepCopy().put("cidr", cidr));
      }
    }
    return new Ledgers.Verdict.Deny(
        Refusal.internal(
            "CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range"));
  }

  static ObjectNode limits(AllocationRanges ranges) {
    return Json.object().put("range", ranges.pods().toString()).put("bits", ranges.podBits());
  }
}
