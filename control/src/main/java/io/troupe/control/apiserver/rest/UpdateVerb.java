package io.troupe.control.apiserver.rest;

import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.BodyReader;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Command.PatchObject;
import io.troupe.persistence.store.Command.ReplaceObject;
import io.troupe.persistence.store.Request;
import java.util.List;

/** PUT and PATCH of an object or a subresource. */
final class UpdateVerb {
  private final Encodings encodings;
  private final Written written;
  private final EdgeAdmission admission;

  UpdateVerb(Encodings encodings, Written written, EdgeAdmission admission) {
    this.encodings = encodings;
    this.written = written;
    this.admission = admission;
  }

  void replace(Exchange exchange, Target target, String apiVersion, String kind) {
    BodyReader.read(
        exchange,
        body -> {
          byte[] json = encodings.json(body, exchange.header("content-type"), apiVersion, kind);
          Request request = Requests.of(exchange, target, "update");
          admission.change(exchange.user(), target, request, json);
          send(exchange, target, "update", new ReplaceObject(request, json));
        });
  }

  void patch(Exchange exchange, Target target) {
    PatchType type = type(exchange.header("content-type"));
    boolean force = exchange.query().flag("force");
    if (force && type != PatchType.APPLY) {
      throw invalid(
          "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force");
    }
    if (type == PatchType.APPLY && exchange.query().first("fieldManager").isEmpty()) {
      throw invalid(
          "FieldValueRequired", "Required value: is required for apply patch", "fieldManager");
    }
    BodyReader.read(
        exchange,
        body -> {
          byte[] patch = type == PatchType.APPLY ? encodings.yamlToJson(body) : body;
          Request request = Requests.of(exchange, target, "patch");
          admission.change(exchange.user(), target, request, null);
          send(exchange, target, "patch", new PatchObject(request, type, patch, force));
        });
  }

  private void send(Exchange exchange, Target target, String verb, Command command) {
    written.submit(
        exchange, target, command, done -> written.answer(exchange, target, verb, done));
  }

  private static PatchType type(String contentType) {
    String type = Encodings.mediaType(contentType);
    for (PatchType known : PatchType.values()) {
      if (known.mediaType().equals(type)) {
        return known;
      }
    }
    throw new RefusedException(
        Refusal.unsupportedMediaType(
            "the body of the request was in an unknown format - accepted media types include:"
                + " application/json-patch+json, application/merge-patch+json,"
                + " application/strategic-merge-patch+json, application/apply-patch+yaml"));
  }

  private static RefusedException invalid(String reason, String why, String field) {
    return new RefusedException(
        Refusal.invalid(
            "meta.k8s.io", "PatchOptions", "", List.of(new Refusal.Cause(reason, why, field))));
  }
}
