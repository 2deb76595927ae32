package io.troupe.control.controllers.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Times;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Approves client certificates of kubelets whose requestor may have them, and serving certificates
 * that a node asks for itself: for its own name, and for addresses that are no other node's and no
 * API server's. (Upstream leaves serving certificates to an approver of the operator's.)
 */
public final class KubeletApprover implements Controller {
  @Override
  public String name() {
    return "certificate-approving";
  }

  @Override
  public String component() {
    return "certificate-controller";
  }

  @Override
  public List<Input> inputs() {
    return List.of(
        Input.self(Resources.CERTIFICATE_SIGNING_REQUESTS),
        Input.readOnly(Resources.NODES),
        Input.readOnly(Resources.SERVICES),
        Input.readOnly(Resources.ENDPOINTS));
  }

  @Override
  public List<Output> outputs() {
    return List.of(new Output(Resources.CERTIFICATE_SIGNING_REQUESTS, "approval of kubelets"));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.CERTIFICATE_SIGNING_REQUESTS)
        .filter(KubeletApprover::isPending)
        .flatMap(
            csr ->
                switch (Json.text(csr, "spec", "signerName")) {
                  case SigningRequest.KUBELET_CLIENT -> approve(round, csr);
                  case SigningRequest.KUBELET_SERVING -> approveServing(round, csr);
                  default -> Optional.empty();
                })
        .orElse(Plan.NOTHING);
  }

  private static boolean isPending(JsonNode csr) {
    return Json.text(csr, "status", "certificate").isEmpty()
        && Conditions.find(csr, "Approved").isEmpty()
        && Conditions.find(csr, "Denied").isEmpty();
  }

  private static Optional<Plan> approve(Round round, ObjectNode csr) {
    return SigningRequest.read(csr)
        .filter(SigningRequest::isKubeletClient)
        .map(
            request -> {
              boolean self = Json.text(csr, "spec", "username").equals(request.commonName());
              String message =
                  self
                      ? "Auto approving self kubelet client certificate after"
                          + " SubjectAccessReview."
                      : "Auto approving kubelet client certificate after SubjectAccessReview.";
              var allowed =
                  new Write.Guard.Allowed(review(csr, self ? "selfnodeclient" : "nodeclient"));
              ObjectNode next = approved(round, csr, message);
              return Plan.of(
                  new Write.Guarded(
                      List.of(allowed),
                      new Write.Update(Resources.CERTIFICATE_SIGNING_REQUESTS, "approval", next)));
            });
  }

  private static ObjectNode approved(Round round, ObjectNode csr, String message) {
    ObjectNode next = csr.deepCopy();
    ObjectNode condition = Json.ensure(next, "status").withArray("conditions").addObject();
    condition.put("type", "Approved").put("status", "True");
    condition.put("reason", "AutoApproved").put("message", message);
    condition.put("lastUpdateTime", Times.format(round.now()));
    return next;
  }

  private static Optional<Plan> approveServing(Round round, ObjectNode csr) {
    return SigningRequest.read(csr)
        .filter(SigningRequest::isKubeletServing)
        .filter(r -> Json.text(csr, "spec", "username").equals(r.commonName()))
        .filter(r -> isOwn(round, r))
        .map(r -> approved(round, csr, "Auto approving the node's own serving certificate."))
        .map(next -> new Write.Update(Resources.CERTIFICATE_SIGNING_REQUESTS, "approval", next))
        .map(Plan::of);
  }

  private static boolean isOwn(Round round, SigningRequest request) {
    String node = request.commonName().substring("system:node:".length());
    Set<String> taken = new HashSet<>();
    round
        .view()
        .find(Resources.ENDPOINTS, "default", "kubernetes")
        .ifPresent(e -> e.findValuesAsText("ip").forEach(taken::add));
    round
        .view()
        .find(Resources.SERVICES, "default", "kubernetes")
        .ifPresent(s -> taken.add(Json.text(s, "spec", "clusterIP")));
    for (ObjectNode other : round.view().list(Resources.NODES, "")) {
      if (!Meta.name(other).equals(node)) {
        Json.items(other, "status", "addresses").forEach(a -> taken.add(Json.text(a, "address")));
      }
    }
    return request.dnsNames().stream().allMatch(node::equals)
        && request.addresses().stream().noneMatch(taken::contains);
  }

  private static ObjectNode review(JsonNode csr, String subresource) {
    ObjectNode review = Json.object();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec");
    spec.put("user", Json.text(csr, "spec", "username"));
    spec.put("uid", Json.text(csr, "spec", "uid"));
    spec.putArray("groups").addAll(Json.items(csr, "spec", "groups"));
    if (csr.path("spec").has("extra")) {
      spec.set("extra", csr.path("spec").get("extra"));
    }
    spec.putObject("resourceAttributes")
        .put("group", "certificates.k8s.io")
        .put("resource", "certificatesigningrequests")
        .put("verb", "create")
        .put("subresource", subresource)
        .put("version", "*");
    return review;
  }
}
