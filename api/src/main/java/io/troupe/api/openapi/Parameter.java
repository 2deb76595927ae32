package io.troupe.api.openapi;

import java.util.List;
import java.util.stream.Stream;

/** A parameter in the query or the path. */
record Parameter(String name, String type, boolean inPath) {
  static final Parameter PRETTY = text("pretty");
  static final Parameter NAME = new Parameter("name", "string", true);
  static final Parameter NAMESPACE = new Parameter("namespace", "string", true);
  static final Parameter PATH = new Parameter("path", "string", true);

  static final List<Parameter> SELECT =
      List.of(
          text("continue"),
          text("fieldSelector"),
          text("labelSelector"),
          number("limit"),
          text("resourceVersion"),
          text("resourceVersionMatch"),
          flag("sendInitialEvents"),
          number("timeoutSeconds"));

  static final List<Parameter> LIST =
      Stream.of(List.of(flag("allowWatchBookmarks")), SELECT, List.of(flag("watch")))
          .flatMap(List::stream)
          .toList();

  static final List<Parameter> WRITE =
      List.of(text("dryRun"), text("fieldManager"), text("fieldValidation"));

  static final List<Parameter> PATCH =
      Stream.concat(WRITE.stream(), Stream.of(flag("force"))).toList();

  static final List<Parameter> DELETE =
      List.of(
          text("dryRun"),
          number("gracePeriodSeconds"),
          flag("orphanDependents"),
          text("propagationPolicy"));

  static final List<Parameter> DELETE_COLLECTION =
      Stream.concat(SELECT.stream(), DELETE.stream()).toList();

  private static Parameter text(String name) {
    return new Parameter(name, "string", false);
  }

  private static Parameter number(String name) {
    return new Parameter(name, "integer", false);
  }

  private static Parameter flag(String name) {
    return new Parameter(name, "boolean", false);
  }
}
