package io.troupe.api.apply;

import io.troupe.api.kinds.Kind;
import io.troupe.api.object.GroupResource;
import java.util.Map;
import java.util.Set;

/**
 * Fields that a write through a resource or subresource cannot change, because the kind's strategy
 * puts them back; nobody becomes their owner that way. The source is upstream's {@code
 * GetResetFields} of each strategy.
 */
public final class ResetFields {
  private static final FieldSet STATUS = FieldSet.ofFields("status");
  private static final FieldSet SPEC = FieldSet.ofFields("spec");
  private static final FieldSet ALL_BUT_STATUS = FieldSet.ofFields("metadata", "spec");

  private static final Map<String, FieldSet> STATUS_WRITES =
      Map.of(
          "pods",
          FieldSet.ofFields("spec", "metadata.deletionTimestamp", "metadata.ownerReferences"),
          "deployments.apps",
          FieldSet.ofFields("spec", "metadata.labels"),
          "certificatesigningrequests.certificates.k8s.io",
          FieldSet.ofFields("spec", "status.conditions"));

  private static final Set<String> ALL_BUT_STATUS_WRITES =
      Set.of(
          "validatingadmissionpolicies.admissionregistration.k8s.io",
          "podcertificaterequests.certificates.k8s.io",
          "flowschemas.flowcontrol.apiserver.k8s.io",
          "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
          "servicecidrs.networking.k8s.io",
          "devicetaintrules.resource.k8s.io",
          "resourceclaims.resource.k8s.io",
          "storageversionmigrations.storagemigration.k8s.io");

  private ResetFields() {}

  public static FieldSet of(Kind kind, String subresource) {
    GroupResource type = kind.resource().type();
    return switch (subresource) {
      case "" -> ofMain(kind, type.toString());
      case "status" ->
          ALL_BUT_STATUS_WRITES.contains(type.toString())
              ? ALL_BUT_STATUS
              : STATUS_WRITES.getOrDefault(type.toString(), SPEC);
      case "approval" -> FieldSet.ofFields("spec", "status.certificate");
      case "finalize" -> STATUS;
      default -> FieldSet.EMPTY;
    };
  }

  private static FieldSet ofMain(Kind kind, String type) {
    if (type.equals("certificatesigningrequests.certificates.k8s.io")) {
      return FieldSet.ofFields("spec", "status");
    }
    boolean keepsStatus = type.equals("servicecidrs.networking.k8s.io");
    return kind.has("status") && !keepsStatus ? STATUS : FieldSet.EMPTY;
  }
}
