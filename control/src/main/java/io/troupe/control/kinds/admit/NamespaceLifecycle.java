package io.troupe.control.kinds.admit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Refusal.Cause;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resources;
import io.troupe.control.kinds.strategy.Facts;
import java.util.List;

/** Nothing is created in a namespace that is missing or going; some namespaces never go. */
final class NamespaceLifecycle {
  private static final List<String> IMMORTAL = List.of("default", "kube-system", "kube-public");

  private NamespaceLifecycle() {}

  static void create(Facts facts) {
    String name = facts.key().namespace();
    if (name.isEmpty()) {
      return;
    }
    ObjectNode namespace = facts.namespace();
    if (namespace == null) {
      throw new RefusedException(Refusal.notFound(Resources.NAMESPACES.type(), name));
    }
    if (Meta.isDeleting(namespace)) {
      throw new RefusedException(terminating(facts, name));
    }
  }

  static void delete(Facts facts) {
    if (facts.key().type().equals(Resources.NAMESPACES.type())
        && IMMORTAL.contains(facts.key().name())) {
      throw Admission.forbidden(facts, "this namespace may not be deleted");
    }
  }

  private static Refusal terminating(Facts facts, String namespace) {
    Refusal forbidden =
        Refusal.forbidden(
            facts.kind().resource().type(),
            facts.key().name(),
            "unable to create new content in namespace "
                + namespace
                + " because it is being terminated");
    Cause cause =
        new Cause(
            "NamespaceTerminating",
            "namespace " + namespace + " is being terminated",
            "metadata.namespace");
    return new Refusal(
        forbidden.code(),
        forbidden.reason(),
        forbidden.message(),
        forbidden.group(),
        forbidden.kind(),
        forbidden.name(),
        List.of(cause),
        0);
  }
}
