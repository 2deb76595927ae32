package io.troupe.control.controllers.serviceaccount;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import java.util.List;

/** Sees to it that each active namespace has a service account {@code default}. */
public final class DefaultServiceAccountController implements Controller {
  private static final String DEFAULT = "default";

  @Override
  public String name() {
    return "service-account";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.each(Resources.NAMESPACES, ns -> List.of(new Key(Meta.name(ns), DEFAULT))),
        Input.each(
            Resources.SERVICE_ACCOUNTS,
            account -> Meta.name(account).equals(DEFAULT) ? List.of(Key.of(account)) : List.of()));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.SERVICE_ACCOUNTS, "the one named default"));
  }

  @Override
  public Plan reconcile(Round round) {
    if (!Namespaces.isActive(round.view(), round.key().namespace())
        || round.find(Resources.SERVICE_ACCOUNTS).isPresent()) {
      return Plan.NOTHING;
    }
    ObjectNode account = Json.object();
    account.put("apiVersion", "v1").put("kind", "ServiceAccount");
    account.putObject("metadata").put("namespace", round.key().namespace()).put("name", DEFAULT);
    return Plan.of(new Write.Create(Resources.SERVICE_ACCOUNTS, account));
  }
}
