package io.troupe.control.controllers.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Times;
import java.util.List;
import java.util.Optional;

/** Approves client certificates of kubelets whose requestor may have them. */
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
    return List.of(Input.self(Resources.CERTIFICATE_SIGNING_REQUESTS));
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
        .filter(csr -> Json.text(csr, "spec", "signerName").equals(SigningRequest.KUBELET_CLIENT))
        .flatMap(csr -> approve(round, csr))
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
              ObjectNode next = csr.deepCopy();
              ObjectNode condition =
                  Json.ensure(next, "status").withArray("conditions").addObject();
              condition.put("type", "Approved").put("status", "True");
              condition.put("reason", "AutoApproved").put("message", message);
              condition.put("lastUpdateTime", Times.format(round.now()));
              return Plan.of(
                  new Write.Guarded(
                      List.of(allowed),
                      new Write.Update(Resources.CERTIFICATE_SIGNING_REQUESTS, "approval", next)));
            });
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
