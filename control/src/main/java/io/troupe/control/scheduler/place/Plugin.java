package io.troupe.control.scheduler.place;

/** Upstream's names for the rules; queueing and messages refer to them. */
public enum Plugin {
  SCHEDULING_GATES("SchedulingGates"),
  NODE_UNSCHEDULABLE("NodeUnschedulable"),
  TAINT_TOLERATION("TaintToleration"),
  NODE_AFFINITY("NodeAffinity"),
  NODE_PORTS("NodePorts"),
  NODE_RESOURCES_FIT("NodeResourcesFit"),
  VOLUME_RESTRICTIONS("VolumeRestrictions"),
  VOLUME_BINDING("VolumeBinding"),
  VOLUME_ZONE("VolumeZone"),
  POD_TOPOLOGY_SPREAD("PodTopologySpread"),
  INTER_POD_AFFINITY("InterPodAffinity");

  private final String title;

  Plugin(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
