package io.troupe.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import io.troupe.cli.audit.Difference;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe audit log}: one line for each change, and under it what changed. */
@Command(name = "log", description = "Show changes, oldest first.", mixinStandardHelpOptions = true)
public final class AuditLog implements Callable<Integer> {
  private static final Pattern AGE = Pattern.compile("(\\d{1,9})([smhd])");

  @Parameters(index = "0", arity = "0..1", paramLabel = "kind[/name]", description = "Changes of this type or object (default: all).")
  private String target;

  @Mixin private ClusterOptions cluster;

  @Option(names = {"-n", "--namespace"}, description = "Namespace (default: the kubeconfig's, or all when nothing is named).")
  private String namespace;

  @Option(names = {"-A", "--all-namespaces"}, description = "All namespaces.")
  private boolean everywhere;

  @Option(names = "--since", defaultValue = "", description = "Changes of the last 30s, 10m, 2h, 7d, or since an RFC 3339 time.")
  private String since;

  @Option(names = "--user", defaultValue = "", description = "Changes by this user.")
  private String user;

  @Option(names = "--limit", defaultValue = "0", description = "Only so many of the newest.")
  private int limit;

  @Option(names = "--no-diff", description = "Only the line of each change.")
  private boolean noDiff;

  @Option(names = {"-o", "--output"}, defaultValue = "", description = "json: one JSON object for each change, with the object before and after.")
  private String output;

  @Override
  public Integer call() throws StartFailure {
    if (!output.isEmpty() && !output.equals("json")) {
      throw new StartFailure("-o " + output + ": only json is known");
    }
    try (Cluster open = cluster.open()) {
      open.history(parameters(open), this::print);
    }
    return System.out.checkError() ? 1 : 0;
  }

  private Map<String, String> parameters(Cluster open) throws StartFailure {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (target == null) {
      parameters.put("namespace", everywhere || namespace == null ? "" : namespace);
    } else {
      Target wanted = Target.of(open, target, namespace, everywhere);
      parameters.put("type", wanted.type().type().toString());
      parameters.put("namespace", wanted.namespace());
      parameters.put("name", wanted.name());
    }
    parameters.put("since", since.isEmpty() ? "" : start(since, Instant.now()).toString());
    parameters.put("user", user);
    parameters.put("limit", limit == 0 ? "" : Integer.toString(limit));
    return parameters;
  }

  /** The moment that an age or a time names. */
  static Instant start(String since, Instant now) throws StartFailure {
    Matcher age = AGE.matcher(since);
    if (age.matches()) {
      long number = Long.parseLong(age.group(1));
      return now.minus(
          switch (age.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          });
    }
    try {
      return OffsetDateTime.parse(since).toInstant();
    } catch (DateTimeException e) {
      throw new StartFailure("--since " + since + ": neither an age such as 30s, 10m, 2h or 7d nor an RFC 3339 time", e);
    }
  }

  private void print(ObjectNode entry) {
    if (output.equals("json")) {
      System.out.println(entry);
      return;
    }
    ObjectNode before = entry.get("before") instanceof ObjectNode b ? b : null;
    ObjectNode after = entry.get("after") instanceof ObjectNode a ? a : null;
    System.out.println(headline(entry, before));
    if (Json.flag(entry, false, "withheld")) {
      System.out.println("    (you may not get this object)");
    } else if (!noDiff && before != null && after != null) {
      Difference.between(before, after).forEach(d -> System.out.println("    " + d));
    } else if (!noDiff && after != null) {
      fieldsOfNew(after);
    }
  }

  private static String headline(ObjectNode entry, ObjectNode before) {
    String subresource = Json.text(entry, "subresource");
    String where = Json.text(entry, "namespace");
    String from = before == null ? "new" : Long.toString(Meta.revision(before));
    String to = Long.toString(Json.number(entry, 0, "revision"));
    return "%s  %s → %s  %s  %s  %s%s %s%s"
        .formatted(
            Json.text(entry, "time"),
            Json.flag(entry, false, "withheld") ? "?" : from,
            to,
            Json.text(entry, "user"),
            Json.text(entry, "verb"),
            Json.text(entry, "type"),
            subresource.isEmpty() ? "" : "/" + subresource,
            where.isEmpty() ? "" : where + "/",
            Json.text(entry, "name"))
        + (entry.has("after") || Json.flag(entry, false, "withheld") ? "" : "  (gone)");
  }

  /** Of a new object the parts that its author wrote. */
  private static void fieldsOfNew(ObjectNode after) {
    after.properties().stream()
        .filter(f -> !f.getKey().equals("apiVersion") && !f.getKey().equals("kind") && !f.getKey().equals("metadata"))
        .forEach(f -> System.out.println("    " + new Difference(f.getKey(), null, f.getValue())));
  }
}
