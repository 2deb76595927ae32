package io.troupe.api.apply;

import io.troupe.api.object.Quoted;

/**
 * What makes two writes those of one manager. An applier stays the same when it changes versions.
 *
 * @param apiVersion "" for appliers
 */
record ManagerId(String manager, String operation, String apiVersion, String subresource) {
  static final String APPLY = "Apply";
  static final String UPDATE = "Update";

  static ManagerId update(String manager, String apiVersion, String subresource) {
    return new ManagerId(named(manager), UPDATE, apiVersion, subresource);
  }

  static ManagerId apply(String manager, String subresource) {
    return new ManagerId(named(manager), APPLY, "", subresource);
  }

  private static String named(String manager) {
    return manager.isEmpty() ? "unknown" : manager;
  }

  /** As conflict messages name it. */
  String display() {
    String name = Quoted.quote(manager);
    String where = subresource.isEmpty() ? "" : " with subresource " + Quoted.quote(subresource);
    return name + where + (operation.equals(UPDATE) ? " using " + apiVersion : "");
  }
}
