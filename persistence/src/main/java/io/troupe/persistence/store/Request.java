package io.troupe.persistence.store;

import java.util.List;
import java.util.Map;

/**
 * Who asked for a change, how, and everything undetermined that the decision needs (time, uid),
 * fixed at the edge.
 *
 * @param verb {@code create}, {@code update}, {@code patch}, {@code delete}, {@code
 *     deletecollection}
 * @param apiVersion of the path, for example {@code apps/v1}
 * @param kind of the path's resource, for example {@code Deployment}
 * @param subresource "" for the object itself
 * @param fieldManager as upstream derives it: the parameter, else the user agent's first word
 * @param fieldValidation {@code Ignore}, {@code Warn} or {@code Strict}
 * @param timeMillis wall clock at the edge, milliseconds since the epoch
 * @param newUid a uid for the object if it is created
 */
public record Request(
    String verb,
    String apiVersion,
    String kind,
    String subresource,
    User user,
    String userAgent,
    String requestId,
    String fieldManager,
    String fieldValidation,
    boolean dryRun,
    long timeMillis,
    String newUid) {

  /** An authenticated user; {@code impersonator} is "" unless the request was impersonated. */
  public record User(
      String name,
      String uid,
      List<String> groups,
      Map<String, List<String>> extra,
      String impersonator) {
    public User {
      groups = List.copyOf(groups);
      extra = Map.copyOf(extra);
    }
  }
}
