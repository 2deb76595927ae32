package io.troupe.api.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Why a request was not done: a Kubernetes {@code Status} of failure as a value.
 *
 * @param code HTTP status code
 * @param reason a {@code metav1.StatusReason}, for example {@code NotFound}
 * @param group API group of the object, in details
 * @param kind plural resource (or kind, where upstream puts the kind) in details
 * @param name object name in details, or ""
 * @param retryAfterSeconds 0 for none
 */
public record Refusal(
    int code,
    String reason,
    String message,
    String group,
    String kind,
    String name,
    List<Cause> causes,
    int retryAfterSeconds) {

  /**
   * One field's problem: a {@code metav1.CauseType} such as {@code FieldValueRequired}, and the
   * field's path.
   */
  public record Cause(String reason, String message, String field) {}

  public Refusal {
    causes = List.copyOf(causes);
  }

  private static Refusal of(int code, String reason, String message) {
    return new Refusal(code, reason, message, "", "", "", List.of(), 0);
  }

  private static Refusal of(
      int code, String reason, String message, GroupResource type, String name) {
    return new Refusal(code, reason, message, type.group(), type.resource(), name, List.of(), 0);
  }

  public static Refusal notFound(GroupResource type, String name) {
    return of(404, "NotFound", type + " \"" + name + "\" not found", type, name);
  }

  public static Refusal alreadyExists(GroupResource type, String name) {
    return of(409, "AlreadyExists", type + " \"" + name + "\" already exists", type, name);
  }

  /** The why is upstream's sentence, for example "the object has been modified; please apply …". */
  public static Refusal conflict(GroupResource type, String name, String why) {
    return of(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type + " \"" + name + "\": " + why,
        type,
        name);
  }

  public static Refusal staleRevision(GroupResource type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try again");
  }

  public static Refusal forbidden(GroupResource type, String name, String why) {
    String object = name.isEmpty() ? type.toString() : type + " \"" + name + "\"";
    return of(403, "Forbidden", object + " is forbidden: " + why, type, name);
  }

  /** Field problems of an object; kind is the Kind, for example {@code Pod}. */
  public static Refusal invalid(String group, String kind, String name, List<Cause> causes) {
    List<String> parts = causes.stream().map(c -> c.field() + ": " + c.message()).toList();
    String list = parts.size() == 1 ? parts.getFirst() : "[" + String.join(", ", parts) + "]";
    String typed = group.isEmpty() ? kind : kind + "." + group;
    String message = typed + " \"" + name + "\" is invalid" + (causes.isEmpty() ? "" : ": " + list);
    return new Refusal(422, "Invalid", message, group, kind, name, causes, 0);
  }

  public static Refusal badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  public static Refusal unauthorized() {
    return of(401, "Unauthorized", "Unauthorized");
  }

  public static Refusal methodNotAllowed(GroupResource type, String verb) {
    return of(
        405,
        "MethodNotAllowed",
        verb + " is not supported on resources of kind \"" + type + "\"",
        type,
        "");
  }

  public static Refusal notAcceptable(String message) {
    return of(406, "NotAcceptable", message);
  }

  public static Refusal unsupportedMediaType(String message) {
    return of(415, "UnsupportedMediaType", message);
  }

  public static Refusal tooLarge(String message) {
    return of(413, "RequestEntityTooLarge", message);
  }

  public static Refusal tooManyRequests(String message, int retryAfterSeconds) {
    return new Refusal(429, "TooManyRequests", message, "", "", "", List.of(), retryAfterSeconds);
  }

  /** Part of Kubernetes that Troupe does not have yet: refused, never pretended. */
  public static Refusal notSupported(String what) {
    return of(501, "NotImplemented", what + " is not supported by this version of Troupe");
  }

  public static Refusal internal(String message) {
    return of(500, "InternalError", "Internal error occurred: " + message);
  }

  public static Refusal unavailable(String message) {
    return new Refusal(503, "ServiceUnavailable", message, "", "", "", List.of(), 1);
  }

  public static Refusal timeout(String message) {
    return new Refusal(504, "Timeout", "Timeout: " + message, "", "", "", List.of(), 1);
  }

  /** The {@code Status} object that the client gets. */
  public ObjectNode status() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (!kind.isEmpty() || !causes.isEmpty() || retryAfterSeconds > 0) {
      ObjectNode details = status.putObject("details");
      putIfPresent(details, "name", name);
      putIfPresent(details, "group", group);
      putIfPresent(details, "kind", kind);
      for (Cause cause : causes) {
        ObjectNode node = details.withArray("causes").addObject();
        node.put("reason", cause.reason()).put("message", cause.message());
        putIfPresent(node, "field", cause.field());
      }
      if (retryAfterSeconds > 0) {
        details.put("retryAfterSeconds", retryAfterSeconds);
      }
    }
    return status.put("code", code);
  }

  /** Reads a {@code Status} that a server sent. */
  public static Refusal fromStatus(int code, ObjectNode status) {
    List<Cause> causes =
        Json.items(status, "details", "causes").stream()
            .map(
                c ->
                    new Cause(
                        Json.text(c, "reason"), Json.text(c, "message"), Json.text(c, "field")))
            .toList();
    return new Refusal(
        code,
        Json.text(status, "reason"),
        Json.text(status, "message"),
        Json.text(status, "details", "group"),
        Json.text(status, "details", "kind"),
        Json.text(status, "details", "name"),
        causes,
        (int) Json.number(status, 0, "details", "retryAfterSeconds"));
  }

  private static void putIfPresent(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
