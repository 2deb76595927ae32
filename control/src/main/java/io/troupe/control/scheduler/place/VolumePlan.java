package io.troupe.control.scheduler.place;

import io.troupe.control.scheduler.model.NodeSpec;
import io.troupe.control.scheduler.model.PodInfo;
import io.troupe.control.scheduler.model.Requirement;
import io.troupe.control.scheduler.snapshot.NodeInfo;
import io.troupe.control.scheduler.snapshot.Snapshot;
import io.troupe.control.scheduler.snapshot.Volumes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pod's claims: where bound volumes can be reached and unbound ones can be served. */
final class VolumePlan {
  static final VolumePlan NONE = new VolumePlan(null);

  private static final Rejection UNREACHABLE =
      Rejection.of(Plugin.VOLUME_BINDING, "node(s) didn't match PersistentVolume's node affinity");
  private static final Rejection UNSERVED =
      Rejection.of(
          Plugin.VOLUME_BINDING, "node(s) didn't find available persistent volumes to bind");
  private static final Rejection NO_VOLUME =
      Rejection.of(
          Plugin.VOLUME_BINDING,
          "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  private static final Rejection OTHER_ZONE =
      Rejection.of(Plugin.VOLUME_ZONE, "node(s) had no available volume zone");

  private final Volumes volumes;
  private final List<Volumes.Volume> bound = new ArrayList<>(0);
  private final List<Volumes.Claim> unbound = new ArrayList<>(0);
  private boolean isVolumeMissing;
  private Rejection beforehand;

  private VolumePlan(Volumes volumes) {
    this.volumes = volumes;
  }

  static VolumePlan of(Snapshot snapshot, PodInfo pod) {
    if (pod.claims().isEmpty()) {
      return NONE;
    }
    VolumePlan plan = new VolumePlan(snapshot.volumes());
    for (PodInfo.Claim named : pod.claims()) {
      plan.add(named, snapshot.volumes().claim(pod.namespace(), named.name()));
    }
    return plan;
  }

  /** Why no node needs to be looked at, if so. */
  Optional<Rejection> beforehand() {
    return Optional.ofNullable(beforehand);
  }

  private void add(PodInfo.Claim named, Volumes.Claim claim) {
    if (claim == null) {
      String why =
          named.isEphemeral()
              ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \""
                  + named.name()
                  + "\""
              : "persistentvolumeclaim \"" + named.name() + "\" not found";
      reject(why);
    } else if (claim.isLost()) {
      reject(
          "persistentvolumeclaim \""
              + claim.name()
              + "\" bound to non-existent persistentvolume \""
              + claim.volume()
              + "\"");
    } else if (claim.isTerminating()) {
      reject("persistentvolumeclaim \"" + claim.name() + "\" is being deleted");
    } else if (claim.isBound()) {
      addBound(claim);
    } else if (waits(claim)) {
      unbound.add(claim);
    } else {
      reject("pod has unbound immediate PersistentVolumeClaims");
    }
  }

  private void addBound(Volumes.Claim claim) {
    Volumes.Volume volume = volumes.volume(claim.volume());
    if (volume == null) {
      isVolumeMissing = true;
    } else {
      bound.add(volume);
    }
  }

  private boolean waits(Volumes.Claim claim) {
    Volumes.StorageClass storage = volumes.storageClass(claim.storageClass());
    return claim.volume().isEmpty() && storage != null && storage.waitsForConsumer();
  }

  private void reject(String why) {
    if (beforehand == null) {
      beforehand = Rejection.of(Plugin.VOLUME_BINDING, why);
    }
  }

  /** Null when the node reaches or gets all volumes. */
  Rejection check(NodeInfo node) {
    if (volumes == null) {
      return null;
    }
    NodeSpec spec = node.spec();
    if (!bound.stream().allMatch(v -> v.nodes().matches(spec))) {
      return UNREACHABLE;
    }
    if (isVolumeMissing) {
      return NO_VOLUME;
    }
    if (!unbound.isEmpty() && work(spec).isEmpty()) {
      return UNSERVED;
    }
    return isInZones(spec) ? null : OTHER_ZONE;
  }

  private boolean isInZones(NodeSpec node) {
    if (!Volumes.hasZone(node.labels())) {
      return true;
    }
    for (Volumes.Volume volume : bound) {
      for (Requirement zone : volume.zones()) {
        if (!zone.matches(node.labels())) {
          return false;
        }
      }
    }
    return true;
  }

  /** What must be done so that unbound claims are served on the node; empty when they cannot be. */
  Optional<Placement.VolumeWork> work(NodeSpec node) {
    if (unbound.isEmpty()) {
      return Optional.of(Placement.VolumeWork.NONE);
    }
    Map<Volumes.Claim, Volumes.Volume> reserve = new LinkedHashMap<>();
    List<Volumes.Claim> provision = new ArrayList<>();
    for (Volumes.Claim claim : unbound) {
      boolean isDecided = !claim.selectedNode().isEmpty();
      Optional<Volumes.Volume> volume =
          isDecided ? Optional.empty() : smallest(claim, node, reserve);
      if (volume.isPresent()) {
        reserve.put(claim, volume.get());
      } else if ((!isDecided || claim.selectedNode().equals(node.name()))
          && mayProvision(claim, node)) {
        provision.add(claim);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Placement.VolumeWork(reserve, provision));
  }

  private Optional<Volumes.Volume> smallest(
      Volumes.Claim claim, NodeSpec node, Map<Volumes.Claim, Volumes.Volume> taken) {
    return volumes.all().stream()
        .filter(v -> v.serves(claim) && v.nodes().matches(node) && !taken.containsValue(v))
        .min(Comparator.comparingLong(Volumes.Volume::bytes).thenComparing(Volumes.Volume::name));
  }

  private boolean mayProvision(Volumes.Claim claim, NodeSpec node) {
    Volumes.StorageClass storage = volumes.storageClass(claim.storageClass());
    return storage != null
        && !storage.provisioner().isEmpty()
        && !storage.provisioner().equals(Volumes.NO_PROVISIONER)
        && storage.mayProvisionOn(node.labels());
  }
}
