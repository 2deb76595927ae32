package io.troupe.control.scheduler;

import io.troupe.control.scheduler.queue.Share;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** Which zones live, from the roles ({@code zone-…}) of the cluster's members. */
final class Zones {
  private static final String PREFIX = "zone-";

  private Zones() {}

  /** {@code a} for {@code zone-a} and for {@code a}. */
  static String name(String roleOrZone) {
    return roleOrZone.startsWith(PREFIX) ? roleOrZone.substring(PREFIX.length()) : roleOrZone;
  }

  private static Optional<String> zoneOf(Member member) {
    return member.getRoles().stream()
        .filter(r -> r.startsWith(PREFIX))
        .map(Zones::name)
        .findFirst();
  }

  /**
   * The share of this member: unreachable members do not count, and of several in one zone the
   * oldest schedules. Two who disagree about that for a moment do no harm: a pod's actor accepts
   * one binding.
   */
  static Share share(Cluster cluster, String zone) {
    Set<Member> unreachable = cluster.state().getUnreachable();
    List<Member> live =
        java.util.stream.StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .filter(
                m ->
                    m.status().equals(MemberStatus.up())
                        || m.status().equals(MemberStatus.weaklyUp()))
            .filter(m -> !unreachable.contains(m))
            .toList();
    Set<String> zones = new TreeSet<>();
    live.forEach(m -> zoneOf(m).ifPresent(zones::add));
    Optional<Member> oldest =
        live.stream()
            .filter(m -> zoneOf(m).filter(zone::equals).isPresent())
            .min(Comparator.comparing(m -> m, Member.ageOrdering()));
    boolean isActive =
        oldest.isEmpty()
            || oldest.get().uniqueAddress().equals(cluster.selfMember().uniqueAddress());
    return new Share(zone, zones, isActive);
  }
}
