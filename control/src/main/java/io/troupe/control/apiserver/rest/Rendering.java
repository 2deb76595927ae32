package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Accept.Clause;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Format;
import io.troupe.control.kinds.Tables;
import io.troupe.control.kinds.Tables.IncludeObject;
import io.troupe.control.kinds.Versions;
import io.troupe.persistence.store.CachedObject;
import java.time.InstantSource;
import java.util.List;

/** Objects in the form that a client wants: version, format, table, metadata alone. */
public final class Rendering {
  private static final String META = "meta.k8s.io/";

  private final Encodings encodings;
  private final Tables tables;
  private final InstantSource clock;

  public Rendering(Encodings encodings, Tables tables, InstantSource clock) {
    this.encodings = encodings;
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * The form of an answer.
   *
   * @param include how much of an object goes into a table's row
   */
  public record Form(Clause clause, boolean pretty, IncludeObject include) {
    public static final Form JSON = new Form(Clause.JSON, false, IncludeObject.METADATA);

    String as() {
      return clause.as();
    }

    public Format format() {
      return clause.format();
    }

    public String contentType() {
      if (clause.as().isEmpty()) {
        return clause.format().mediaType();
      }
      return clause.format().mediaType()
          + ";as="
          + clause.as()
          + ";g="
          + clause.group()
          + ";v="
          + clause.version();
    }
  }

  /** The form for objects of a kind. */
  public Form form(Exchange exchange, Kind kind) {
    Clause clause =
        exchange
            .accept()
            .choose(
                c ->
                    c.isMeta("Table")
                        || c.isMeta("PartialObjectMetadata")
                        || c.isMeta("PartialObjectMetadataList"));
    if (clause.format() == Format.PROTOBUF && !hasProtobuf(clause, kind)) {
      clause =
          new Clause(Format.JSON, clause.as(), clause.group(), clause.version(), false, 1);
    }
    return new Form(clause, clause.pretty() || exchange.isPretty(), include(exchange));
  }

  /** The form for answers that are no object of a stored kind: Status, reviews, discovery. */
  public Form plainForm(Exchange exchange) {
    Clause clause = exchange.accept().choose(c -> true);
    Format format = clause.format() == Format.PROTOBUF ? Format.JSON : clause.format();
    return new Form(
        new Clause(format, "", "", "", clause.pretty(), 1),
        clause.pretty() || exchange.isPretty(),
        IncludeObject.METADATA);
  }

  private boolean hasProtobuf(Clause clause, Kind kind) {
    return clause.as().isEmpty()
        ? encodings.protobuf().knows(kind.resource().apiVersion(), kind.resource().kind())
        : !clause.as().equals("Table")
            && encodings.protobuf().knows("meta.k8s.io/v1", "PartialObjectMetadata");
  }

  private static IncludeObject include(Exchange exchange) {
    return switch (exchange.query().first("includeObject")) {
      case "None" -> IncludeObject.NONE;
      case "Object" -> IncludeObject.OBJECT;
      case "", "Metadata" -> IncludeObject.METADATA;
      default ->
          throw new RefusedException(
              Refusal.badRequest("unrecognized includeObject value"));
    };
  }

  /** Whether the stored bytes are the answer. */
  static boolean isVerbatim(Kind kind, Form form) {
    return form.format() == Format.JSON
        && form.as().isEmpty()
        && !form.pretty()
        && kind.storedVersion().equals(kind.resource().apiVersion());
  }

  byte[] object(Kind kind, CachedObject object, Form form) {
    if (isVerbatim(kind, form)) {
      return object.json();
    }
    return encode(shown(kind, object.tree(), form), form);
  }

  /** One object, which may be no cached one, in the form's shape. */
  ObjectNode shown(Kind kind, ObjectNode stored, Form form) {
    ObjectNode object = Versions.toRequested(kind, stored);
    return switch (form.as()) {
      case "Table" -> {
        ObjectNode table = tables.render(kind, List.of(object), clock.millis(), form.include());
        table.put("apiVersion", META + form.clause().version());
        Json.ensure(table, "metadata")
            .put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
        yield table;
      }
      case "PartialObjectMetadata", "PartialObjectMetadataList" -> partial(object, form);
      default -> object;
    };
  }

  private static ObjectNode partial(ObjectNode object, Form form) {
    ObjectNode partial =
        Json.object()
            .put("kind", "PartialObjectMetadata")
            .put("apiVersion", META + form.clause().version());
    partial.set("metadata", object.get("metadata"));
    return partial;
  }

  /** A whole list as one tree, where bytes cannot be copied. */
  ObjectNode list(Kind kind, List<CachedObject> items, ObjectNode metadata, Form form) {
    List<ObjectNode> trees =
        items.stream().map(item -> Versions.toRequested(kind, item.tree())).toList();
    if (form.as().equals("Table")) {
      ObjectNode table = tables.render(kind, trees, clock.millis(), form.include());
      table.put("apiVersion", META + form.clause().version()).set("metadata", metadata);
      return table;
    }
    boolean partial = !form.as().isEmpty();
    ObjectNode list = Json.object();
    list.put("kind", partial ? "PartialObjectMetadataList" : kind.resource().kind() + "List");
    list.put(
        "apiVersion", partial ? META + form.clause().version() : kind.resource().apiVersion());
    list.set("metadata", metadata);
    ArrayNode array = list.putArray("items");
    trees.forEach(tree -> array.add(partial ? partial(tree, form) : withoutType(tree)));
    return list;
  }

  /** Items of a typed list do not say their type. */
  private static ObjectNode withoutType(ObjectNode tree) {
    ObjectNode item = Json.object();
    item.setAll(tree);
    item.remove(List.of("apiVersion", "kind"));
    return item;
  }

  byte[] encode(ObjectNode tree, Form form) {
    return encodings.encode(tree, form.format(), form.pretty());
  }

  /** A bookmark's object: nothing but its type and revision. */
  ObjectNode bookmark(Kind kind, long revision, boolean initialEventsEnd, Form form) {
    ObjectNode object = Json.object();
    if (form.as().equals("Table")) {
      object.put("kind", "Table").put("apiVersion", META + form.clause().version());
      object.putObject("metadata").put("resourceVersion", Long.toString(revision));
      object.set("columnDefinitions", tables.definitions(kind));
      object.putArray("rows");
      return object;
    }
    boolean partial = !form.as().isEmpty();
    object.put("kind", partial ? "PartialObjectMetadata" : kind.resource().kind());
    object.put(
        "apiVersion", partial ? META + form.clause().version() : kind.resource().apiVersion());
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(revision));
    if (initialEventsEnd) {
      metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    return object;
  }

  /** Answers with one object. */
  public void answer(Exchange exchange, int code, Kind kind, CachedObject object) {
    Form form = form(exchange, kind);
    exchange.send(code, form.contentType(), object(kind, object, form));
  }

  /** Answers with a tree that is not of the path's kind. */
  public void answerPlain(Exchange exchange, int code, ObjectNode tree) {
    Form form = plainForm(exchange);
    exchange.send(code, form.contentType(), encode(tree, form));
  }

}
