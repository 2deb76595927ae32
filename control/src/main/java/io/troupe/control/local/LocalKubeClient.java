package io.troupe.control.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.selector.FieldSelector;
import io.troupe.api.selector.LabelSelector;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import io.troupe.persistence.store.WatchCache.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Writes through object actors and reads the watch cache, as one of the cluster's own identities.
 */
public final class LocalKubeClient implements KubeClient {
  private static final long TIMEOUT_SECONDS = 60;

  private final ObjectStore store;
  private final Request.User user;
  private final String agent;
  private final LongSupplier clockMillis;
  private final UnaryOperator<ObjectNode> accessReviews;

  private LocalKubeClient(
      ObjectStore store,
      Request.User user,
      String agent,
      LongSupplier clockMillis,
      UnaryOperator<ObjectNode> accessReviews) {
    this.store = store;
    this.user = user;
    this.agent = agent;
    this.clockMillis = clockMillis;
    this.accessReviews = accessReviews;
  }

  /** A client that acts as the control plane itself. */
  public static LocalKubeClient of(ObjectStore store, LongSupplier clockMillis) {
    Request.User user =
        new Request.User(
            "system:apiserver",
            "",
            List.of("system:masters", "system:authenticated"),
            Map.of(),
            "");
    return new LocalKubeClient(
        store,
        user,
        "troupe",
        clockMillis,
        review -> {
          throw new RefusedException(Refusal.notSupported("a SubjectAccessReview from here"));
        });
  }

  /** The same client, whose SubjectAccessReviews are answered by the API server's authorizer. */
  public LocalKubeClient answering(UnaryOperator<ObjectNode> reviews) {
    return new LocalKubeClient(store, user, agent, clockMillis, reviews);
  }

  /**
   * {@code deployment-controller} acts as {@code
   * system:serviceaccount:kube-system:deployment-controller}.
   */
  @Override
  public LocalKubeClient as(String component) {
    boolean user = component.startsWith("system:");
    String name = user ? component : "system:serviceaccount:kube-system:" + component;
    List<String> groups =
        user
            ? List.of("system:authenticated")
            : List.of(
                "system:serviceaccounts",
                "system:serviceaccounts:kube-system",
                "system:authenticated");
    return new LocalKubeClient(
        store,
        new Request.User(name, "", groups, Map.of(), ""),
        component,
        clockMillis,
        accessReviews);
  }

  private Request request(Resource type, String verb, String subresource, String manager) {
    return new Request(
        verb,
        type.apiVersion(),
        type.kind(),
        subresource,
        user,
        agent,
        UUID.randomUUID().toString(),
        manager.isEmpty() ? agent : manager,
        "Ignore",
        false,
        clockMillis.getAsLong(),
        UUID.randomUUID().toString());
  }

  private Outcome.Done submit(ObjectKey key, Command command) {
    return switch (await(store.submit(key, command))) {
      case Outcome.Done done -> done;
      case Outcome.Refused(Refusal refusal) -> throw new RefusedException(refusal);
    };
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      throw new RefusedException(
          Refusal.unavailable(
              "the outcome of the write is not known: " + e.getCause().getMessage()));
    }
  }

  @Override
  public ObjectNode get(Resource type, String namespace, String name) {
    await(store.latestRevision().thenCompose(store.cache()::reached));
    CachedObject found = store.cache().find(type.key(namespace, name));
    if (found == null) {
      throw new RefusedException(Refusal.notFound(type.type(), name));
    }
    return found.tree();
  }

  @Override
  public Page list(Resource type, String namespace, ListOptions options) {
    await(store.latestRevision().thenCompose(store.cache()::reached));
    Snapshot snapshot = store.cache().snapshot(type.type(), namespace);
    Selection selection = Selection.of(options);
    List<ObjectNode> items =
        snapshot.objects().stream().map(CachedObject::tree).filter(selection::matches).toList();
    return new Page(items, Long.toString(snapshot.revision()), "");
  }

  /**
   * What a list or watch is limited to; only fields that every object has, and a pod's node, can be
   * selected.
   */
  private record Selection(LabelSelector labels, FieldSelector fields) {
    static Selection of(ListOptions options) {
      return new Selection(
          LabelSelector.parse(options.labelSelector()),
          FieldSelector.parse(options.fieldSelector()));
    }

    boolean matches(ObjectNode object) {
      return labels.matches(Meta.labels(object))
          && fields.matches(path -> Json.text(object, path.split("\\.")));
    }
  }

  @Override
  public Subscription watch(
      Resource type,
      String namespace,
      ListOptions options,
      Consumer<WatchEvent> onEvent,
      Runnable onEnd) {
    Selection selection = Selection.of(options);
    long after =
        options.resourceVersion().isEmpty()
            ? store.cache().revision()
            : Long.parseLong(options.resourceVersion());
    return store
        .cache()
        .watch(
            type.type(),
            namespace,
            after,
            changes -> changes.forEach(change -> tell(change, selection, onEvent)),
            revision -> {});
  }

  private static void tell(CachedChange change, Selection selection, Consumer<WatchEvent> onEvent) {
    boolean before = change.before() != null && selection.matches(change.before().tree());
    boolean after = change.after() != null && selection.matches(change.after().tree());
    if (after) {
      onEvent.accept(new WatchEvent(before ? "MODIFIED" : "ADDED", change.after().tree()));
    } else if (before) {
      onEvent.accept(
          new WatchEvent(
              "DELETED", (change.last() == null ? change.before() : change.last()).tree()));
    }
  }

  @Override
  public ObjectNode create(Resource type, ObjectNode body) {
    if (type.plural().equals("subjectaccessreviews")) {
      return accessReviews.apply(body.deepCopy());
    }
    ObjectNode named = body;
    String base = Json.text(body, "metadata", "generateName");
    if (Meta.name(body).isEmpty() && !base.isEmpty()) {
      named = body.deepCopy();
      String suffix = UUID.randomUUID().toString().replace("-", "").substring(0, 5);
      Json.ensure(named, "metadata").put("name", base + suffix);
    }
    Command command =
        new Command.CreateObject(request(type, "create", "", ""), Json.bytes(typed(type, named)));
    return submit(type.key(Meta.namespace(named), Meta.name(named)), command).object().tree();
  }

  /** Bodies from inside may leave out what the type already says. */
  private static ObjectNode typed(Resource type, ObjectNode body) {
    if (body.has("apiVersion") && body.has("kind")) {
      return body;
    }
    return body.deepCopy().put("apiVersion", type.apiVersion()).put("kind", type.kind());
  }

  @Override
  public ObjectNode update(Resource type, ObjectNode body) {
    return update(type, "", body);
  }

  @Override
  public ObjectNode update(Resource type, String subresource, ObjectNode body) {
    Command command =
        new Command.ReplaceObject(
            request(type, "update", subresource, ""), Json.bytes(typed(type, body)));
    return submit(type.key(Meta.namespace(body), Meta.name(body)), command).object().tree();
  }

  @Override
  public ObjectNode patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch) {
    Command command =
        new Command.PatchObject(
            request(type, "patch", subresource, ""),
            how,
            Json.bytes(patch),
            how == PatchType.APPLY);
    return submit(type.key(namespace, name), command).object().tree();
  }

  @Override
  public ObjectNode post(
      Resource type, String namespace, String name, String subresource, ObjectNode body) {
    Command command =
        new Command.PostSubresource(request(type, "create", subresource, ""), Json.bytes(body));
    return submit(type.key(namespace, name), command).object().tree();
  }

  @Override
  public void delete(Resource type, String namespace, String name, DeleteOptions options) {
    submit(
        type.key(namespace, name),
        new Command.DeleteObject(request(type, "delete", "", ""), options));
  }
}
