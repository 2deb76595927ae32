package io.troupe.control.controllers.runtime;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.Input;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Follows each type once and hands its changes to every loop that has it as an input. */
final class Routes implements AutoCloseable {
  private record Route(ControllerLoop loop, Input input) {}

  private final ClusterView view;
  private final InstantSource clock;
  private final Map<Resource, CopyOnWriteArrayList<Route>> routes = new HashMap<>();
  private final List<Subscription> subscriptions = new ArrayList<>();

  Routes(ClusterView view, InstantSource clock) {
    this.view = view;
    this.clock = clock;
  }

  /** Follows the inputs that the loops have now and did not have before. */
  synchronized void follow(List<ControllerLoop> loops) {
    Map<Resource, List<Route>> added = new HashMap<>();
    for (ControllerLoop loop : loops) {
      for (Input input : loop.controller().inputs()) {
        if (!isRouted(loop, input)) {
          added.computeIfAbsent(input.type(), t -> new ArrayList<>()).add(new Route(loop, input));
        }
      }
    }
    added.forEach(this::route);
  }

  private boolean isRouted(ControllerLoop loop, Input input) {
    return routes.containsKey(input.type())
        && routes.get(input.type()).stream().anyMatch(route -> route.loop.equals(loop));
  }

  private void route(Resource type, List<Route> added) {
    added.forEach(route -> route.loop.follows(type));
    CopyOnWriteArrayList<Route> known = routes.get(type);
    if (known == null) {
      var all = new CopyOnWriteArrayList<>(added);
      routes.put(type, all);
      subscriptions.add(view.follow(type, change -> hand(all, change)));
    } else {
      known.addAll(added);
      view.list(type, "").stream()
          .map(object -> new ObjectChange(type, null, object))
          .forEach(change -> hand(added, change));
    }
  }

  private void hand(List<Route> to, ObjectChange change) {
    var now = clock.instant();
    for (Route route : to) {
      route.loop.onChange(route.input, change, now);
    }
  }

  @Override
  public synchronized void close() {
    subscriptions.forEach(Subscription::close);
    subscriptions.clear();
  }
}
