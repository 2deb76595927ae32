package io.troupe.control.controllers.stateful;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.controllers.objects.IntOrPercent;

/** The numbers and choices of a StatefulSet's spec. */
record StatefulSpec(ObjectNode set) {

  int replicas() {
    return (int) Json.number(set, 1, "spec", "replicas");
  }

  int start() {
    return (int) Json.number(set, 0, "spec", "ordinals", "start");
  }

  boolean isInRange(int ordinal) {
    return ordinal >= start() && ordinal < start() + replicas();
  }

  boolean isParallel() {
    return Json.text(set, "spec", "podManagementPolicy").equals("Parallel");
  }

  boolean isRolling() {
    return !Json.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
  }

  int partition() {
    return (int) Json.number(set, 0, "spec", "updateStrategy", "rollingUpdate", "partition");
  }

  int maxUnavailable() {
    JsonNode value = Json.at(set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable");
    return Math.max(1, IntOrPercent.resolve(value, replicas(), false, 1));
  }

  long minReadySeconds() {
    return Json.number(set, 0, "spec", "minReadySeconds");
  }

  boolean deletesClaimsWithSet() {
    return deletes("whenDeleted");
  }

  boolean deletesClaimsWhenScaled() {
    return deletes("whenScaled");
  }

  private boolean deletes(String when) {
    return Json.text(set, "spec", "persistentVolumeClaimRetentionPolicy", when).equals("Delete");
  }

  String podName(int ordinal) {
    return Meta.name(set) + "-" + ordinal;
  }

  /** The ordinal in a pod's name, -1 when it is not a name of this set. */
  int ordinal(JsonNode pod) {
    String prefix = Meta.name(set) + "-";
    String name = Meta.name(pod);
    String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    return rest.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(rest) : -1;
  }
}
