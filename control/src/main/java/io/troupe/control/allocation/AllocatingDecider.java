package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Decider;
import io.troupe.persistence.store.Decision;
import java.util.List;
import java.util.Optional;

/**
 * Decides Services and Nodes with what was allocated for them; everything else passes through.
 *
 * <p>Its refusals that name needs are for {@link AllocatingStore} and never reach a client.
 */
public final class AllocatingDecider implements Decider {
  private final Decider inner;

  public AllocatingDecider(Decider inner) {
    this.inner = inner;
  }

  @Override
  public Decision decide(ObjectKey key, ObjectNode current, Command command, ClusterView world) {
    if (key.type().equals(Resources.SERVICES.type())) {
      return service(key, current, command, world);
    }
    if (key.type().equals(Resources.NODES.type()) && current == null) {
      return node(key, command, world);
    }
    return inner.decide(key, current, command, world);
  }

  private Decision service(ObjectKey key, ObjectNode current, Command command, ClusterView world) {
    Grants grants = Grants.of(command);
    Command sent = Grants.unsealed(command);
    boolean isMain = sent.request().subresource().isEmpty();
    Decision decision = inner.decide(key, current, sent, world);
    return isMain && decision instanceof Decision.Store store
        ? allocated(key, current, sent, store, grants)
        : decision;
  }

  private static Decision allocated(
      ObjectKey key, ObjectNode current, Command sent, Decision.Store store, Grants grants) {
    if (Meta.isDeleting(store.after()) || !store.after().path("spec").isObject()) {
      return store;
    }
    ObjectNode after = store.after().deepCopy();
    ObjectNode spec = (ObjectNode) after.get("spec");
    JsonNode before = current == null ? MissingNode.getInstance() : current.path("spec");
    Optional<Refusal> refusal = ServiceFields.families(key.name(), spec, before);
    if (refusal.isPresent()) {
      return new Decision.Refuse(refusal.get());
    }
    List<Need> needs = ServiceNeeds.fill(spec, before, grants);
    if (!needs.isEmpty()) {
      return new Decision.Refuse(Need.refusal(owner(current, sent), needs));
    }
    return new Decision.Store(after, store.warnings());
  }

  private static String owner(ObjectNode current, Command command) {
    return current == null ? command.request().newUid() : Meta.uid(current);
  }

  private Decision node(ObjectKey key, Command command, ClusterView world) {
    Grants grants = Grants.of(command);
    Command sent = Grants.unsealed(command);
    Decision decision = inner.decide(key, null, sent, world);
    if (!(decision instanceof Decision.Store store)
        || grants.exhausted()
        || !Json.text(store.after(), "spec", "podCIDR").isEmpty()) {
      return decision;
    }
    if (grants.podCidrs().isEmpty()) {
      Need need = new Need(Need.Sort.POD_CIDR, "", "spec.podCIDR");
      return new Decision.Refuse(Need.refusal(owner(null, sent), List.of(need)));
    }
    ObjectNode after = store.after().deepCopy();
    String cidr = grants.podCidrs().getFirst();
    ObjectNode spec = Json.ensure(after, "spec");
    spec.put("podCIDR", cidr).putArray("podCIDRs").add(cidr);
    return new Decision.Store(after, store.warnings());
  }
}
