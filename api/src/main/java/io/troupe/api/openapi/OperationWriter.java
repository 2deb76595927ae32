package io.troupe.api.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.List;
import java.util.stream.Stream;

/** Writes operations in one of the dialects. */
sealed interface OperationWriter {
  List<String> READABLE =
      List.of("application/json", "application/vnd.kubernetes.protobuf", "application/yaml");
  List<String> WATCHABLE =
      List.of("application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch");
  List<String> PATCHES =
      List.of(
          "application/apply-patch+yaml",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json");

  ObjectNode operation(Operation operation);

  ArrayNode parameters(List<Parameter> parameters);

  /** What both dialects say alike. */
  private static ObjectNode head(Operation operation) {
    ObjectNode node = Json.object();
    node.putArray("tags").add(operation.tag());
    return node.put("description", operation.description()).put("operationId", operation.id());
  }

  private static void extensions(ObjectNode node, Operation operation) {
    if (!operation.action().isEmpty()) {
      node.put("x-kubernetes-action", operation.action());
    }
    if (operation.kind() != null) {
      node.putObject("x-kubernetes-group-version-kind")
          .put("group", operation.kind().group())
          .put("version", operation.kind().version())
          .put("kind", operation.kind().kind());
    }
  }

  /** Codes of success, as upstream lists them. */
  private static List<String> codes(Operation operation) {
    return switch (operation.action()) {
      case "post" -> List.of("200", "201", "202");
      case "put", "patch" -> List.of("200", "201");
      case "delete" -> List.of("200", "202");
      default -> List.of("200");
    };
  }

  private static String phrase(String code) {
    return switch (code) {
      case "201" -> "Created";
      case "202" -> "Accepted";
      default -> "OK";
    };
  }

  private static ObjectNode schema(SchemaWriter schemas, Schema schema) {
    return schema == null ? Json.object().put("type", "string") : schemas.reference(schema);
  }

  /** OpenAPI 3. */
  record V3(SchemaWriter schemas) implements OperationWriter {
    @Override
    public ObjectNode operation(Operation operation) {
      ObjectNode node = head(operation);
      if (!operation.query().isEmpty()) {
        node.set("parameters", parameters(operation.query()));
      }
      if (operation.body() != null) {
        ObjectNode content = node.putObject("requestBody").putObject("content");
        List<String> types = operation.isPatch() ? PATCHES : List.of("*/*");
        types.forEach(t -> content.putObject(t).set("schema", schema(schemas, operation.body())));
      }
      ObjectNode responses = node.putObject("responses");
      for (String code : codes(operation)) {
        ObjectNode content =
            responses.putObject(code).put("description", phrase(code)).putObject("content");
        answers(operation)
            .forEach(t -> content.putObject(t).set("schema", schema(schemas, operation.answer())));
      }
      responses.putObject("401").put("description", "Unauthorized");
      extensions(node, operation);
      return node;
    }

    private static List<String> answers(Operation operation) {
      if (operation.action().equals("connect")) {
        return List.of("*/*");
      }
      return operation.isList()
          ? Stream.concat(READABLE.stream(), WATCHABLE.stream()).sorted().toList()
          : READABLE;
    }

    @Override
    public ArrayNode parameters(List<Parameter> parameters) {
      ArrayNode array = Json.array();
      for (Parameter parameter : parameters) {
        ObjectNode node =
            array
                .addObject()
                .put("name", parameter.name())
                .put("in", parameter.inPath() ? "path" : "query");
        if (parameter.inPath()) {
          node.put("required", true);
        }
        node.putObject("schema").put("type", parameter.type()).put("uniqueItems", true);
      }
      return array;
    }
  }

  /** Swagger, that is OpenAPI 2. */
  record V2(SchemaWriter schemas) implements OperationWriter {
    @Override
    public ObjectNode operation(Operation operation) {
      ObjectNode node = head(operation);
      List<String> consumes = operation.isPatch() ? PATCHES : List.of("*/*");
      List<String> produces = operation.action().equals("connect") ? List.of("*/*") : READABLE;
      consumes.forEach(node.putArray("consumes")::add);
      produces.forEach(node.putArray("produces")::add);
      if (operation.isList()) {
        WATCHABLE.forEach(node.withArray("produces")::add);
      }
      node.putArray("schemes").add("https");
      ArrayNode parameters = parameters(operation.query());
      if (operation.body() != null) {
        parameters
            .addObject()
            .put("name", "body")
            .put("in", "body")
            .put("required", !operation.method().equals("delete"))
            .set("schema", schema(schemas, operation.body()));
      }
      if (!parameters.isEmpty()) {
        node.set("parameters", parameters);
      }
      ObjectNode responses = node.putObject("responses");
      for (String code : codes(operation)) {
        responses
            .putObject(code)
            .put("description", phrase(code))
            .set("schema", schema(schemas, operation.answer()));
      }
      responses.putObject("401").put("description", "Unauthorized");
      extensions(node, operation);
      return node;
    }

    @Override
    public ArrayNode parameters(List<Parameter> parameters) {
      ArrayNode array = Json.array();
      for (Parameter parameter : parameters) {
        ObjectNode node =
            array
                .addObject()
                .put("name", parameter.name())
                .put("in", parameter.inPath() ? "path" : "query")
                .put("type", parameter.type())
                .put("uniqueItems", true);
        if (parameter.inPath()) {
          node.put("required", true);
        }
      }
      return array;
    }
  }
}
