package io.troupe.control.scheduler.place;

import io.troupe.control.allocation.Demand;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether a node has room (NodeResourcesFit). */
final class ResourceFit {
  private static final int PODS = 1;
  private static final int CPU = 2;
  private static final int MEMORY = 4;
  private static final int STORAGE = 8;
  private static final Rejection[] RESOLVABLE = rejections(true);
  private static final Rejection[] HOPELESS = rejections(false);

  private ResourceFit() {}

  private static Rejection[] rejections(boolean isResolvable) {
    Rejection[] all = new Rejection[16];
    for (int lacking = 0; lacking < all.length; lacking++) {
      all[lacking] = new Rejection(Plugin.NODE_RESOURCES_FIT, reasons(lacking), isResolvable);
    }
    return all;
  }

  private static List<String> reasons(int lacking) {
    List<String> reasons = new ArrayList<>();
    if ((lacking & PODS) != 0) {
      reasons.add("Too many pods");
    }
    if ((lacking & CPU) != 0) {
      reasons.add("Insufficient cpu");
    }
    if ((lacking & MEMORY) != 0) {
      reasons.add("Insufficient memory");
    }
    if ((lacking & STORAGE) != 0) {
      reasons.add("Insufficient ephemeral-storage");
    }
    return List.copyOf(reasons);
  }

  /** Null when the node has room. */
  static Rejection check(Demand want, NodeInfo node) {
    Demand has = node.spec().allocatable();
    Demand used = node.used();
    int lacking = node.podCount() + 1 > node.spec().pods() ? PODS : 0;
    lacking |= lacks(CPU, want.cpuMillis(), has.cpuMillis(), used.cpuMillis());
    lacking |= lacks(MEMORY, want.memoryBytes(), has.memoryBytes(), used.memoryBytes());
    lacking |= lacks(STORAGE, want.storageBytes(), has.storageBytes(), used.storageBytes());
    if (!want.others().isEmpty()) {
      return withOthers(want, node, lacking);
    }
    if (lacking == 0) {
      return null;
    }
    return isHopeless(want, has) ? HOPELESS[lacking] : RESOLVABLE[lacking];
  }

  private static int lacks(int flag, long want, long has, long used) {
    return want > 0 && want > has - used ? flag : 0;
  }

  /** More than the empty node has. */
  private static boolean isHopeless(Demand want, Demand has) {
    return want.cpuMillis() > has.cpuMillis()
        || want.memoryBytes() > has.memoryBytes()
        || want.storageBytes() > has.storageBytes();
  }

  private static Rejection withOthers(Demand want, NodeInfo node, int lacking) {
    Demand has = node.spec().allocatable();
    List<String> reasons = new ArrayList<>(reasons(lacking));
    boolean isHopeless = lacking != 0 && isHopeless(want, has);
    for (Map.Entry<String, Long> other : want.others().entrySet()) {
      long capacity = has.others().getOrDefault(other.getKey(), 0L);
      long used = node.used().others().getOrDefault(other.getKey(), 0L);
      if (other.getValue() > capacity - used) {
        reasons.add("Insufficient " + other.getKey());
        isHopeless |= other.getValue() > capacity;
      }
    }
    return reasons.isEmpty()
        ? null
        : new Rejection(Plugin.NODE_RESOURCES_FIT, reasons, !isHopeless);
  }
}
