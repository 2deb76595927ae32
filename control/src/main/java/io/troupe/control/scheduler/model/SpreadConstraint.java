package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.Map;

/** A topology spread constraint; hard ones forbid, soft ones score. */
public record SpreadConstraint(
    int maxSkew,
    String topologyKey,
    boolean isHard,
    Selector selector,
    int minDomains,
    boolean honorsAffinity,
    boolean honorsTaints) {

  static SpreadConstraint of(JsonNode constraint, Map<String, String> labels) {
    return new SpreadConstraint(
        (int) Json.number(constraint, 1, "maxSkew"),
        Json.text(constraint, "topologyKey"),
        !Json.text(constraint, "whenUnsatisfiable").equals("ScheduleAnyway"),
        Selector.of(constraint.get("labelSelector"))
            .and(
                AffinityTerm.matching(
                    constraint, "matchLabelKeys", labels, Requirement.Operator.IN)),
        (int) Json.number(constraint, 1, "minDomains"),
        !Json.text(constraint, "nodeAffinityPolicy").equals("Ignore"),
        Json.text(constraint, "nodeTaintsPolicy").equals("Honor"));
  }

  /** A soft default with the selector of the pod's services and owner. */
  public static SpreadConstraint preferred(int maxSkew, String topologyKey, Selector selector) {
    return new SpreadConstraint(maxSkew, topologyKey, false, selector, 1, true, false);
  }
}
