package io.troupe.api.openapi;

import io.troupe.api.kinds.Schema;
import java.util.List;

/**
 * One operation on a path, in no dialect yet.
 *
 * @param method lower case, for example {@code get}
 * @param id for example {@code readAppsV1NamespacedDeployment}
 * @param action upstream's word for the verb, for example {@code deletecollection}; "" for none
 * @param kind what {@code x-kubernetes-group-version-kind} says, or null
 * @param answer what comes back; null for plain text
 * @param body what is sent, or null
 * @param query its query parameters
 */
record Operation(
    String method,
    String id,
    String tag,
    String action,
    String description,
    Named kind,
    Schema answer,
    Schema body,
    List<Parameter> query) {

  /** A kind in a version. */
  record Named(String apiVersion, String kind) {
    String group() {
      int slash = apiVersion.indexOf('/');
      return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    String version() {
      return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }
  }

  boolean isPatch() {
    return action.equals("patch");
  }

  boolean isList() {
    return action.equals("list");
  }
}
