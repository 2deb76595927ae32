package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.AffinityTerm;
import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.Selector;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Nodes, placed pods, and the counts that placements ask for. */
public final class Snapshot {
  private final Map<String, NodeInfo> nodes = new HashMap<>();
  private final Map<String, PodInfo> pods = new HashMap<>();
  private final Map<String, Map<String, PodInfo>> nominated = new HashMap<>();
  private final Map<String, Topology> topologies = new HashMap<>();
  private final Namespaces namespaces = new Namespaces();
  private final Counters counters = new Counters(namespaces);
  private final ExistingTerms terms = new ExistingTerms();
  private final Images images = new Images();
  private final Workloads workloads = new Workloads();
  private final Volumes volumes = new Volumes();
  private final DisruptionBudgets budgets = new DisruptionBudgets();
  private final Deque<Integer> freeSlots = new ArrayDeque<>();
  private NodeInfo[] order;
  private int slots;
  private long rulesVersion;
  private long namespacesVersion;

  /** The node appeared or declares something else. */
  public void node(NodeSpec spec) {
    NodeInfo node = nodes.computeIfAbsent(spec.name(), this::begin);
    NodeSpec before = node.spec();
    boolean isNews = before == null || !before.hasSameRules(spec);
    node.spec(spec, isNews ? ++rulesVersion : node.rulesStamp());
    if (isNews) {
      if (before != null) {
        images.remove(before);
      }
      images.add(spec);
      topologies.values().forEach(t -> t.set(node.slot(), spec.labels().get(t.key())));
      order = null;
    }
  }

  /** The node is gone; pods that are bound to it stay until they are removed. */
  public void nodeRemoved(String name) {
    NodeInfo node = nodes.get(name);
    if (node == null || node.spec() == null) {
      return;
    }
    images.remove(node.spec());
    topologies.values().forEach(t -> t.set(node.slot(), null));
    node.spec(null, ++rulesVersion);
    order = null;
    endIfEmpty(node);
  }

  private NodeInfo begin(String name) {
    return new NodeInfo(name, freeSlots.isEmpty() ? slots++ : freeSlots.pop());
  }

  private void endIfEmpty(NodeInfo node) {
    if (node.spec() == null && node.podCount() == 0) {
      nodes.remove(node.name());
      freeSlots.push(node.slot());
    }
  }

  /** The pod is on its node, or will be; replaces what was known of it. */
  public void place(PodInfo pod) {
    remove(pod.uid());
    NodeInfo node = nodes.computeIfAbsent(pod.nodeName(), this::begin);
    pods.put(pod.uid(), pod);
    node.add(pod);
    ShapeUse use = counters.use(pod.shape());
    if (use.isUnused()) {
      terms.begin(use);
    }
    use.add(node.slot(), pod.isTerminating(), 1);
  }

  /** The pod is on no node any more; says whether it was on one. */
  public boolean remove(String uid) {
    PodInfo pod = pods.remove(uid);
    if (pod == null) {
      return false;
    }
    NodeInfo node = nodes.get(pod.nodeName());
    node.remove(uid);
    ShapeUse use = counters.useOrNull(pod.shape());
    use.add(node.slot(), pod.isTerminating(), -1);
    if (use.isUnused()) {
      terms.end(pod.shape());
      counters.end(pod.shape());
    }
    endIfEmpty(node);
    return true;
  }

  /** The placed pod, or null. */
  public PodInfo placed(String uid) {
    return pods.get(uid);
  }

  /** The pod waits for room on a node; "" for nowhere. */
  public void nominate(PodInfo pod, String node) {
    nominated.values().forEach(waiting -> waiting.remove(pod.uid()));
    nominated.values().removeIf(Map::isEmpty);
    if (!node.isEmpty()) {
      nominated.computeIfAbsent(node, n -> new HashMap<>()).put(pod.uid(), pod);
    }
  }

  public boolean hasNominations() {
    return !nominated.isEmpty();
  }

  public Collection<PodInfo> nominatedTo(String node) {
    return nominated.getOrDefault(node, Map.of()).values();
  }

  /** Labels of a namespace, null when it is gone. */
  public void namespace(String name, Map<String, String> labels) {
    if (namespaces.set(name, labels) && counters.hasPodsIn(name)) {
      namespacesVersion++;
      counters.forgetAll();
      counters.uses().forEach(terms::rejoin);
    }
  }

  /** Frees counters that nobody reads any more. */
  public void prune() {
    counters.prune();
  }

  public Map<String, String> namespaceLabels(String namespace) {
    return namespaces.labels(namespace);
  }

  /** Nodes that exist, zones taking turns. Not to be changed. */
  public NodeInfo[] order() {
    if (order == null) {
      order = NodeOrder.interleaved(nodes.values());
    }
    return order;
  }

  List<NodeInfo> nodes() {
    return List.of(order());
  }

  public int nodeCount() {
    return order().length;
  }

  /** The node if it exists, else null. */
  public NodeInfo node(String name) {
    NodeInfo node = nodes.get(name);
    return node == null || node.spec() == null ? null : node;
  }

  /** Slots are below this. */
  public int slots() {
    return slots;
  }

  /** Differs after each change of any node's rules. */
  public long rulesVersion() {
    return rulesVersion;
  }

  /** Differs after each change that makes prepared counters or matched terms wrong. */
  public long termsVersion() {
    return terms.version() + (namespacesVersion << 32);
  }

  public ExistingTerms terms() {
    return terms;
  }

  public Images images() {
    return images;
  }

  public Workloads workloads() {
    return workloads;
  }

  public Volumes volumes() {
    return volumes;
  }

  public DisruptionBudgets budgets() {
    return budgets;
  }

  public Topology topology(String key) {
    Topology known = topologies.get(key);
    if (known != null) {
      return known;
    }
    Topology topology = new Topology(key);
    for (NodeInfo node : order()) {
      topology.set(node.slot(), node.spec().labels().get(key));
    }
    topologies.put(key, topology);
    return topology;
  }

  /** Counts pods of the namespace that match, per domain. */
  public DomainCounter count(
      String namespace, Selector selector, String topologyKey, Predicate<NodeInfo> eligible) {
    return new DomainCounter(
        this, counters.matching(namespace, selector), topology(topologyKey), eligible);
  }

  /** Counts pods that match all terms, per domain. */
  public DomainCounter count(List<AffinityTerm> matching, String topologyKey) {
    return new DomainCounter(
        this, counters.matching(matching), topology(topologyKey), node -> true);
  }

  /** Counts pods that have the term, per domain of its topology. */
  public DomainCounter count(ExistingTerms.Held held) {
    return new DomainCounter(
        this, held.holders(), topology(held.term().topologyKey()), node -> true);
  }
}
