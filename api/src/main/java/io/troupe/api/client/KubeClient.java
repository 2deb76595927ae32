package io.troupe.api.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Resource;
import java.util.List;
import java.util.function.Consumer;

/**
 * The Kubernetes API, blocking (call it from a virtual thread). Every method throws {@link
 * io.troupe.api.object.RefusedException} when the server refuses.
 */
public interface KubeClient {

  /** How a patch is read. */
  enum PatchType {
    JSON("application/json-patch+json"),
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json"),
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    PatchType(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  /**
   * Selectors and paging of a list or watch.
   *
   * @param resourceVersion "" for the newest
   * @param limit 0 for all
   */
  record ListOptions(
      String labelSelector,
      String fieldSelector,
      String resourceVersion,
      int limit,
      String continueToken) {
    public static final ListOptions ALL = new ListOptions("", "", "", 0, "");

    public static ListOptions fields(String fieldSelector) {
      return new ListOptions("", fieldSelector, "", 0, "");
    }
  }

  /**
   * Options of a delete.
   *
   * @param gracePeriodSeconds -1 for the kind's default
   * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}, or "" for the
   *     default
   * @param uid precondition, or ""
   * @param resourceVersion precondition, or ""
   */
  record DeleteOptions(
      long gracePeriodSeconds, String propagation, String uid, String resourceVersion) {
    public static final DeleteOptions DEFAULT = new DeleteOptions(-1, "", "", "");

    public static DeleteOptions now(String uid) {
      return new DeleteOptions(0, "", uid, "");
    }

    public static DeleteOptions background(String uid) {
      return new DeleteOptions(-1, "Background", uid, "");
    }
  }

  /**
   * One page of a list: its items without list metadata, the list's resourceVersion, and a token
   * for the rest.
   */
  record Page(List<ObjectNode> items, String resourceVersion, String continueToken) {}

  /**
   * A watch event; type is {@code ADDED}, {@code MODIFIED}, {@code DELETED}, {@code BOOKMARK} or
   * {@code ERROR}.
   */
  record WatchEvent(String type, ObjectNode object) {}

  ObjectNode get(Resource type, String namespace, String name);

  Page list(Resource type, String namespace, ListOptions options);

  /**
   * Watches until closed; events arrive one at a time on a thread of the client. {@code onEnd} is
   * called once, when the stream ended for any other reason than close.
   */
  Subscription watch(
      Resource type,
      String namespace,
      ListOptions options,
      Consumer<WatchEvent> onEvent,
      Runnable onEnd);

  /** Creates; the namespace is taken from the body. */
  ObjectNode create(Resource type, ObjectNode body);

  /** Replaces; a resourceVersion in the body is a precondition. */
  ObjectNode update(Resource type, ObjectNode body);

  /** Replaces the subresource, for example {@code status}. */
  ObjectNode update(Resource type, String subresource, ObjectNode body);

  /** Patches the object, or its subresource when that is not "". */
  ObjectNode patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch);

  /**
   * Posts to a subresource, for example {@code binding}, {@code eviction} or {@code token}; returns
   * what it answers.
   */
  ObjectNode post(
      Resource type, String namespace, String name, String subresource, ObjectNode body);

  void delete(Resource type, String namespace, String name, DeleteOptions options);

  /**
   * The same client, acting as another of the cluster's identities, where the implementation may
   * choose; else itself.
   */
  default KubeClient as(String component) {
    return this;
  }
}
