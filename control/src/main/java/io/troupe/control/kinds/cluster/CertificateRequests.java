package io.troupe.control.kinds.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Facts;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.SubresourceRule;
import io.troupe.control.kinds.strategy.Times;
import io.troupe.persistence.store.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** CertificateSigningRequest: who asks is recorded, approval and issue are subresources. */
final class CertificateRequests {
  private static final Set<String> USAGES =
      new TreeSet<>(
          List.of(
              "signing",
              "digital signature",
              "content commitment",
              "key encipherment",
              "key agreement",
              "data encipherment",
              "cert sign",
              "crl sign",
              "encipher only",
              "decipher only",
              "any",
              "server auth",
              "client auth",
              "code signing",
              "email protection",
              "s/mime",
              "ipsec end system",
              "ipsec tunnel",
              "ipsec user",
              "timestamping",
              "ocsp signing",
              "microsoft sgc",
              "netscape sgc"));
  private static final List<String> DECISIONS = List.of("Approved", "Denied");
  private static final FieldPath CONDITIONS = FieldPath.of("status", "conditions");

  private CertificateRequests() {}

  static Strategy strategy() {
    return Strategy.of("certificates.k8s.io", "CertificateSigningRequest")
        .nameRule(name -> List.of())
        .prepareCreate(CertificateRequests::create)
        .prepareUpdate((r, old, facts) -> r.set("spec", old.get("spec")))
        .prepareStatus(CertificateRequests::stamp)
        .validate(CertificateRequests::validate)
        .validateStatus((r, old, errors) -> update(r, old, errors, false))
        .subresource("approval", new Approval())
        .selectable("spec.signerName", o -> Json.text(o, "spec", "signerName"))
        .columns(
            Columns.of("Name", "Age", "SignerName", "Requestor", "RequestedDuration", "Condition")
                .row(
                    (r, now, row) -> {
                      row.add(Columns.age(r, now));
                      String signer = Json.text(r, "spec", "signerName");
                      row.add(signer.isEmpty() ? "<none>" : signer);
                      row.add(Json.text(r, "spec", "username"));
                      long seconds = Json.number(r, -1, "spec", "expirationSeconds");
                      row.add(seconds < 0 ? "<none>" : Times.duration(seconds * 1000));
                      row.add(condition(r));
                    }))
        .build();
  }

  private static void create(ObjectNode request, Facts facts) {
    ObjectNode spec = Json.ensure(request, "spec");
    Request.User user = facts.request().user();
    spec.remove(List.of("username", "uid", "groups", "extra"));
    spec.put("username", user.name());
    if (!user.uid().isEmpty()) {
      spec.put("uid", user.uid());
    }
    ArrayNode groups = spec.putArray("groups");
    user.groups().forEach(groups::add);
    if (!user.extra().isEmpty()) {
      spec.set("extra", Json.MAPPER.valueToTree(user.extra()));
    }
    request.putObject("status");
  }

  private static void stamp(ObjectNode request, ObjectNode old, Facts facts) {
    Fill.each(
        request.path("status"),
        "conditions",
        c -> {
          Fill.text(c, "lastUpdateTime", facts.now());
          String since =
              Json.items(old, "status", "conditions").stream()
                  .filter(o -> Same.equal(o, c, "type") && Same.equal(o, c, "status"))
                  .map(o -> Json.text(o, "lastTransitionTime"))
                  .filter(t -> !t.isEmpty())
                  .findFirst()
                  .orElse(facts.now());
          Fill.text(c, "lastTransitionTime", since);
        });
  }

  private static void validate(ObjectNode request, Errors errors) {
    At spec = At.spec(request, errors);
    if (!isRequest(spec.text("request"))) {
      spec.invalid("request", "PEM block type must be CERTIFICATE REQUEST");
    }
    spec.required("usages");
    Set<String> seen = new HashSet<>();
    spec.each(
        "usages",
        usage -> {
          if (!USAGES.contains(usage.text())) {
            errors.notSupported(usage.path(), usage.text(), USAGES);
          }
          if (!seen.add(usage.text())) {
            errors.duplicate(usage.path(), usage.text());
          }
        });
    if (spec.required("signerName")) {
      String signer = spec.text("signerName");
      if (signer.equals("kubernetes.io/legacy-unknown")) {
        spec.invalid("signerName", "the legacy signerName is not allowed via this API version");
      } else if (!signer.matches("[a-z0-9.-]+\\.[a-z0-9.-]+/.+")) {
        spec.invalid(
            "signerName",
            "must be a fully qualified domain and path of the form 'example.com/signer-name'");
      }
    }
    if (spec.has("expirationSeconds") && spec.number("expirationSeconds", 0) < 600) {
      spec.invalid(
          "expirationSeconds", "may not specify a duration less than 600 seconds (10 minutes)");
    }
  }

  private static boolean isRequest(String base64) {
    try {
      String pem =
          new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1).strip();
      return pem.startsWith("-----BEGIN CERTIFICATE REQUEST-----");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void update(ObjectNode request, ObjectNode old, Errors errors, boolean approval) {
    for (String type : List.of("Approved", "Denied", "Failed")) {
      long before = count(old, type);
      long now = count(request, type);
      if (now < before) {
        errors.forbidden(
            CONDITIONS, "updates may not remove a condition of type " + Errors.quote(type));
      } else if (now > before && !approval && DECISIONS.contains(type)) {
        errors.forbidden(
            CONDITIONS, "updates may not add a condition of type " + Errors.quote(type));
      }
    }
    if (count(request, "Approved") > 0 && count(request, "Denied") > 0) {
      errors.invalid(CONDITIONS, "Denied", "Approved and Denied conditions are mutually exclusive");
    }
    String held = Json.text(old, "status", "certificate");
    String issued = Json.text(request, "status", "certificate");
    if (!held.equals(issued) && (approval || !held.isEmpty())) {
      errors.forbidden(
          FieldPath.of("status", "certificate"),
          approval
              ? "updates may not set certificate content"
              : "updates may not modify existing certificate content");
    }
    At.status(request, errors)
        .each(
            "conditions",
            c -> {
              c.required("type");
              boolean decided = List.of("Approved", "Denied", "Failed").contains(c.text("type"));
              c.requiredOneOf(
                  "status", decided ? List.of("True") : List.of("False", "True", "Unknown"));
            });
  }

  private static long count(ObjectNode request, String type) {
    return Json.items(request, "status", "conditions").stream()
        .filter(c -> Json.text(c, "type").equals(type))
        .count();
  }

  private static String condition(ObjectNode request) {
    String state =
        count(request, "Denied") > 0
            ? "Denied"
            : count(request, "Approved") > 0 ? "Approved" : "Pending";
    String failed = count(request, "Failed") > 0 ? ",Failed" : "";
    String issued = Json.text(request, "status", "certificate").isEmpty() ? "" : ",Issued";
    return state + failed + issued;
  }

  /** {@code certificatesigningrequests/approval}: approves or denies. */
  private static final class Approval implements SubresourceRule {
    @Override
    public ObjectNode write(ObjectNode body, ObjectNode old, Facts facts) {
      ObjectNode request = old.deepCopy();
      request.set("metadata", body.get("metadata"));
      JsonNode conditions = Json.at(body, "status", "conditions");
      ObjectNode status = Json.ensure(request, "status");
      status.remove("conditions");
      if (!conditions.isEmpty()) {
        status.set("conditions", conditions);
      }
      stamp(request, old, facts);
      return request;
    }

    @Override
    public void check(ObjectNode request, ObjectNode old, Errors errors) {
      update(request, old, errors, true);
    }
  }
}
