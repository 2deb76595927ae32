package io.troupe.control.scheduler.snapshot;

import io.troupe.control.allocation.Demand;
import io.troupe.control.allocation.HostPort;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A node and what is on it. */
public final class NodeInfo {
  private final String name;
  private final int slot;
  private NodeSpec spec;
  private long rulesStamp;
  private Demand used = Demand.NONE;
  private long scoringCpuMillis;
  private long scoringMemoryBytes;
  private final List<PodInfo> pods;
  private final List<HostPort> ports;

  NodeInfo(String name, int slot) {
    this.name = name;
    this.slot = slot;
    this.pods = new ArrayList<>();
    this.ports = new ArrayList<>(0);
  }

  private NodeInfo(NodeInfo other) {
    this.name = other.name;
    this.slot = other.slot;
    this.spec = other.spec;
    this.rulesStamp = other.rulesStamp;
    this.used = other.used;
    this.scoringCpuMillis = other.scoringCpuMillis;
    this.scoringMemoryBytes = other.scoringMemoryBytes;
    this.pods = new ArrayList<>(other.pods);
    this.ports = new ArrayList<>(other.ports);
  }

  /** A copy on which pods may be tried and taken away. */
  public NodeInfo copy() {
    return new NodeInfo(this);
  }

  public String name() {
    return name;
  }

  public int slot() {
    return slot;
  }

  /** Null while only pods name the node. */
  public NodeSpec spec() {
    return spec;
  }

  /** Differs after each change of the node's labels, taints or images. */
  public long rulesStamp() {
    return rulesStamp;
  }

  public Demand used() {
    return used;
  }

  /** Sums with something assumed for containers that state nothing. */
  public long scoringCpuMillis() {
    return scoringCpuMillis;
  }

  public long scoringMemoryBytes() {
    return scoringMemoryBytes;
  }

  public List<PodInfo> pods() {
    return Collections.unmodifiableList(pods);
  }

  public int podCount() {
    return pods.size();
  }

  public boolean isFree(List<HostPort> wanted) {
    if (ports.isEmpty()) {
      return true;
    }
    return wanted.stream().noneMatch(w -> ports.stream().anyMatch(w::collidesWith));
  }

  void spec(NodeSpec declared, long stamp) {
    this.spec = declared;
    this.rulesStamp = stamp;
  }

  /** Counts a pod in. */
  public void add(PodInfo pod) {
    pods.add(pod);
    ports.addAll(pod.shape().ports());
    used = used.plus(pod.shape().demand());
    scoringCpuMillis += pod.shape().scoringDemand().cpuMillis();
    scoringMemoryBytes += pod.shape().scoringDemand().memoryBytes();
  }

  /** Counts a pod out; says whether it was there. */
  public boolean remove(String uid) {
    for (int i = 0; i < pods.size(); i++) {
      PodInfo pod = pods.get(i);
      if (pod.uid().equals(uid)) {
        pods.set(i, pods.getLast());
        pods.removeLast();
        pod.shape().ports().forEach(ports::remove);
        used = used.minus(pod.shape().demand());
        scoringCpuMillis -= pod.shape().scoringDemand().cpuMillis();
        scoringMemoryBytes -= pod.shape().scoringDemand().memoryBytes();
        return true;
      }
    }
    return false;
  }
}
