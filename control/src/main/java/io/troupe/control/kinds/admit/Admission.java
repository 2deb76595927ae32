package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.kinds.strategy.Facts;

/** Runs the plugins that a kind has, in upstream's order. */
public final class Admission {
  private Admission() {}

  /** Admits a new object. */
  public static void create(ObjectNode object, Facts facts) {
    NamespaceLifecycle.create(facts);
    NodeRestriction.create(object, facts);
    switch (facts.key().type().toString()) {
      case "pods" -> {
        ServiceAccounts.admit(object, facts);
        LimitRanger.admit(object, facts);
        DefaultTolerations.admit(object);
        Priorities.admit(object, facts);
        RuntimeClasses.admit(object, facts);
        TopologyLabels.admit(object, facts);
        PodSecurity.admit(object, facts);
      }
      case "nodes" -> TaintNewNodes.admit(object);
      case "persistentvolumeclaims" -> {
        LimitRanger.admitClaim(object, facts);
        StorageDefaults.admitClaim(object, facts);
        StorageDefaults.protect(object, "kubernetes.io/pvc-protection");
      }
      case "persistentvolumes" -> StorageDefaults.protect(object, "kubernetes.io/pv-protection");
      case "ingresses.networking.k8s.io" -> IngressDefaults.admit(object, facts);
      case "priorityclasses.scheduling.k8s.io" -> Priorities.onlyOneDefault(object, facts);
      default -> {}
    }
    Quotas.create(object, facts);
  }

  /** Admits a changed object. */
  public static void update(ObjectNode object, ObjectNode old, Facts facts) {
    switch (facts.key().type().toString()) {
      case "pods" -> {
        DefaultTolerations.admit(object);
        Priorities.keep(object, old);
        Quotas.update(object, old, facts);
      }
      case "services" -> Quotas.update(object, old, facts);
      case "persistentvolumeclaims" -> {
        LimitRanger.admitClaim(object, facts);
        Quotas.update(object, old, facts);
      }
      case "priorityclasses.scheduling.k8s.io" -> Priorities.onlyOneDefault(object, facts);
      default -> {}
    }
  }

  /** Admits a deletion. */
  public static void delete(ObjectNode object, Facts facts) {
    NamespaceLifecycle.delete(facts);
    NodeRestriction.delete(object, facts);
  }

  static RefusedException forbidden(Facts facts, String why) {
    GroupResource type = facts.kind().resource().type();
    return new RefusedException(Refusal.forbidden(type, facts.key().name(), why));
  }
}
