package io.troupe.api.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.kinds.Kind;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The paths of the kinds of one version, with the operations that discovery lists. */
final class PathWriter {
  /** Method, and upstream's word in ids and actions, of the verbs on one object. */
  private record Verb(String name, String method, String word, String action) {}

  private static final List<Verb> OBJECT_VERBS =
      List.of(
          new Verb("get", "get", "read", "get"),
          new Verb("update", "put", "replace", "put"),
          new Verb("create", "post", "create", "post"),
          new Verb("delete", "delete", "delete", "delete"),
          new Verb("patch", "patch", "patch", "patch"));

  private final FactKinds kinds;
  private final OperationWriter writer;

  PathWriter(FactKinds kinds, OperationWriter writer) {
    this.kinds = kinds;
    this.writer = writer;
  }

  /** Adds the paths, sorted, to a document's tree. */
  void write(ObjectNode paths, List<Kind> group) {
    Map<String, ObjectNode> items = new TreeMap<>();
    root(items, group.getFirst().resource());
    for (Kind kind : group) {
      collections(items, kind);
      if (kind.verbs().contains("get")) {
        object(items, kind);
      }
      kind.subresources().forEach(sub -> subresource(items, kind, sub));
    }
    items.forEach(paths::set);
  }

  private void root(Map<String, ObjectNode> items, Resource type) {
    Names names = new Names(type);
    Operation operation =
        new Operation(
            "get",
            "get" + names.version() + "APIResources",
            names.tag(),
            "",
            "get available resources",
            null,
            body("v1", "APIResourceList"),
            null,
            List.of());
    add(items, rootOf(type) + "/", List.of(operation), List.of());
  }

  private void collections(Map<String, ObjectNode> items, Kind kind) {
    Resource type = kind.resource();
    boolean list = kind.verbs().contains("list");
    if (type.namespaced() && list) {
      Operation all = list(kind, false, "ForAllNamespaces");
      add(items, rootOf(type) + "/" + type.plural(), List.of(all), List.of(Parameter.PRETTY));
    }
    List<Operation> operations = new ArrayList<>();
    if (list) {
      operations.add(list(kind, type.namespaced(), ""));
    }
    if (kind.verbs().contains("create")) {
      operations.add(onObject(kind, OBJECT_VERBS.get(2), "", named(kind), kind.schema()));
    }
    if (kind.verbs().contains("deletecollection")) {
      operations.add(deleteCollection(kind));
    }
    add(items, collectionOf(type), operations, pathParameters(type, false));
  }

  private Operation list(Kind kind, boolean namespaced, String suffix) {
    Names names = new Names(kind.resource());
    String id = "list" + names.version() + names.kind(namespaced) + suffix;
    Schema answer = body(kind.resource().apiVersion(), kind.resource().kind() + "List");
    String text = "list or watch objects of kind " + kind.resource().kind();
    return new Operation(
        "get", id, names.tag(), "list", text, named(kind), answer, null, Parameter.LIST);
  }

  private Operation deleteCollection(Kind kind) {
    Resource type = kind.resource();
    Names names = new Names(type);
    return new Operation(
        "delete",
        "delete" + names.version() + "Collection" + names.kind(type.namespaced()),
        names.tag(),
        "deletecollection",
        "delete collection of " + type.kind(),
        named(kind),
        body("v1", "Status"),
        body("v1", "DeleteOptions"),
        Parameter.DELETE_COLLECTION);
  }

  private void object(Map<String, ObjectNode> items, Kind kind) {
    List<Operation> operations =
        OBJECT_VERBS.stream()
            .filter(verb -> kind.verbs().contains(verb.name()) && !verb.name().equals("create"))
            .map(verb -> onObject(kind, verb, "", named(kind), kind.schema()))
            .toList();
    Resource type = kind.resource();
    add(items, collectionOf(type) + "/{name}", operations, pathParameters(type, true));
  }

  private Operation onObject(
      Kind kind, Verb verb, String subresource, Operation.Named named, Schema schema) {
    Names names = new Names(kind.resource());
    String id =
        verb.word()
            + names.version()
            + names.kind(kind.resource().namespaced())
            + capital(subresource);
    boolean delete = verb.name().equals("delete");
    Schema sent =
        switch (verb.name()) {
          case "get" -> null;
          case "delete" -> body("v1", "DeleteOptions");
          case "patch" ->
              kinds.definition("io.k8s.apimachinery.pkg.apis.meta.v1.Patch").orElseThrow();
          default -> schema;
        };
    return new Operation(
        verb.method(),
        id,
        names.tag(),
        verb.action(),
        describe(verb, kind, subresource),
        named,
        delete ? body("v1", "Status") : schema,
        sent,
        query(verb));
  }

  private static List<Parameter> query(Verb verb) {
    return switch (verb.name()) {
      case "get" -> List.of();
      case "delete" -> Parameter.DELETE;
      case "patch" -> Parameter.PATCH;
      default -> Parameter.WRITE;
    };
  }

  private static String describe(Verb verb, Kind kind, String subresource) {
    String of = subresource.isEmpty() ? "" : subresource + " of ";
    String word = verb.name().equals("patch") ? "partially update" : verb.word();
    String which = verb.name().equals("create") ? "a " : "the specified ";
    return word + " " + of + which + kind.resource().kind();
  }

  private void subresource(Map<String, ObjectNode> items, Kind kind, Kind.Subresource sub) {
    Resource type = kind.resource();
    String path = collectionOf(type) + "/{name}/" + sub.name();
    Operation.Named named = new Operation.Named(sub.apiVersion(), sub.kind());
    if (sub.kind().endsWith("Options")) {
      connect(items, kind, sub, path, "", pathParameters(type, true));
      if (sub.name().equals("proxy")) {
        List<Parameter> parameters = new ArrayList<>(pathParameters(type, true));
        parameters.add(Parameter.PATH);
        connect(items, kind, sub, path + "/{path}", "WithPath", parameters);
      }
      return;
    }
    Schema schema = sub.name().equals("log") ? null : body(sub.apiVersion(), sub.kind());
    List<Operation> operations =
        OBJECT_VERBS.stream()
            .filter(verb -> sub.verbs().contains(verb.name()))
            .map(verb -> onObject(kind, verb, sub.name(), named, schema))
            .toList();
    add(items, path, operations, pathParameters(type, true));
  }

  private void connect(
      Map<String, ObjectNode> items,
      Kind kind,
      Kind.Subresource sub,
      String path,
      String suffix,
      List<Parameter> parameters) {
    Names names = new Names(kind.resource());
    List<Operation> operations =
        OBJECT_VERBS.stream()
            .filter(verb -> sub.verbs().contains(verb.name()))
            .map(
                verb ->
                    new Operation(
                        verb.method(),
                        "connect"
                            + names.version()
                            + capital(verb.method())
                            + names.kind(kind.resource().namespaced())
                            + capital(sub.name())
                            + suffix,
                        names.tag(),
                        "connect",
                        "connect %s requests to %s of %s"
                            .formatted(
                                verb.method().toUpperCase(Locale.ROOT),
                                sub.name(),
                                kind.resource().kind()),
                        new Operation.Named(sub.apiVersion(), sub.kind()),
                        null,
                        null,
                        List.of()))
            .toList();
    add(items, path, operations, parameters);
  }

  private void add(
      Map<String, ObjectNode> items,
      String path,
      List<Operation> operations,
      List<Parameter> parameters) {
    if (operations.isEmpty()) {
      return;
    }
    ObjectNode item = items.computeIfAbsent(path, p -> Json.object());
    operations.forEach(operation -> item.set(operation.method(), writer.operation(operation)));
    if (!parameters.isEmpty()) {
      item.set("parameters", writer.parameters(parameters));
    }
  }

  private Schema body(String apiVersion, String kind) {
    return kinds
        .body(apiVersion, kind)
        .orElseThrow(() -> new IllegalStateException("no facts of " + apiVersion + " " + kind));
  }

  private static Operation.Named named(Kind kind) {
    return new Operation.Named(kind.resource().apiVersion(), kind.resource().kind());
  }

  private static List<Parameter> pathParameters(Resource type, boolean name) {
    List<Parameter> parameters = new ArrayList<>();
    if (name) {
      parameters.add(Parameter.NAME);
    }
    if (type.namespaced()) {
      parameters.add(Parameter.NAMESPACE);
    }
    parameters.add(Parameter.PRETTY);
    return parameters;
  }

  private static String rootOf(Resource type) {
    return type.group().isEmpty()
        ? "/api/" + type.version()
        : "/apis/" + type.group() + "/" + type.version();
  }

  private static String collectionOf(Resource type) {
    return type.path(type.namespaced() ? "{namespace}" : "");
  }

  static String capital(String text) {
    return text.isEmpty() ? "" : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
