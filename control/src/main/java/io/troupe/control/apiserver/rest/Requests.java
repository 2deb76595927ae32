package io.troupe.control.apiserver.rest;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.persistence.store.Request;
import java.util.List;
import java.util.UUID;

/** Makes the store's {@link Request} of an exchange. */
public final class Requests {
  private static final int MANAGER_CHARS_MAX = 128;

  private Requests() {}

  static Request of(Exchange exchange, Target target, String verb) {
    Query query = exchange.query();
    String agent = exchange.userAgent();
    return new Request(
        verb,
        target.kind().resource().apiVersion(),
        target.kind().resource().kind(),
        target.subresource(),
        exchange.user(),
        agent,
        exchange.id(),
        manager(query.first("fieldManager"), agent),
        validation(query, options(verb)),
        dryRun(query, options(verb)),
        System.currentTimeMillis(),
        UUID.randomUUID().toString());
  }

  /** The parameter, else the user agent's first word (apiserver's {@code managerOrUserAgent}). */
  public static String manager(String parameter, String agent) {
    if (!parameter.isEmpty()) {
      return parameter;
    }
    int slash = agent.indexOf('/');
    String first = slash < 0 ? agent : agent.substring(0, slash);
    StringBuilder printable = new StringBuilder();
    first
        .codePoints()
        .limit(MANAGER_CHARS_MAX)
        .filter(c -> !Character.isISOControl(c))
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private static String options(String verb) {
    return switch (verb) {
      case "create" -> "CreateOptions";
      case "patch" -> "PatchOptions";
      case "delete", "deletecollection" -> "DeleteOptions";
      default -> "UpdateOptions";
    };
  }

  private static String validation(Query query, String options) {
    String mode = query.first("fieldValidation");
    return switch (mode) {
      case "" -> "Warn";
      case "Ignore", "Warn", "Strict" -> mode;
      default ->
          throw unsupported(
              options, "fieldValidation", "\"" + mode + "\"", "\"Ignore\", \"Strict\", \"Warn\"");
    };
  }

  private static boolean dryRun(Query query, String options) {
    return dryRun(query.all("dryRun"), options);
  }

  static boolean dryRun(List<String> values, String options) {
    for (String value : values) {
      if (!value.equals("All")) {
        throw unsupported(options, "dryRun", "[\"" + value + "\"]", "\"All\"");
      }
    }
    return !values.isEmpty();
  }

  private static RefusedException unsupported(
      String options, String field, String value, String supported) {
    String why = "Unsupported value: " + value + ": supported values: " + supported;
    return new RefusedException(
        Refusal.invalid(
            "meta.k8s.io",
            options,
            "",
            List.of(new Refusal.Cause("FieldValueNotSupported", why, field))));
  }
}
