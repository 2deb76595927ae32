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
import io.troupe.control.controllers.objects.Statuses;
import io.troupe.control.controllers.objects.Times;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signs approved requests to the built-in signers. */
public final class SigningController implements Controller {
  private static final Set<String> SIGNERS =
      Set.of(
          SigningRequest.CLIENT,
          SigningRequest.KUBELET_CLIENT,
          SigningRequest.KUBELET_SERVING,
          SigningRequest.LEGACY);

  private final CertificateSigner signer;

  public SigningController(CertificateSigner signer) {
    this.signer = signer;
  }

  @Override
  public String name() {
    return "certificate-signing";
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
    return List.of(Output.status(Resources.CERTIFICATE_SIGNING_REQUESTS));
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .find(Resources.CERTIFICATE_SIGNING_REQUESTS)
        .filter(csr -> SIGNERS.contains(Json.text(csr, "spec", "signerName")))
        .filter(SigningController::isToSign)
        .map(csr -> Plan.of(sign(round, csr)))
        .orElse(Plan.NOTHING);
  }

  private static boolean isToSign(JsonNode csr) {
    return Json.text(csr, "status", "certificate").isEmpty()
        && Conditions.isTrue(csr, "Approved")
        && Conditions.find(csr, "Denied").isEmpty()
        && Conditions.find(csr, "Failed").isEmpty();
  }

  private List<Write> sign(Round round, ObjectNode csr) {
    String name = Json.text(csr, "spec", "signerName");
    Optional<SigningRequest> request = SigningRequest.read(csr);
    ObjectNode status = Statuses.draft(csr);
    Optional<String> objection =
        request
            .map(r -> r.objection(name))
            .orElse(Optional.of("unable to parse csr \"" + Meta.name(csr) + "\""));
    if (objection.isPresent()) {
      ObjectNode failed = Json.object().put("type", "Failed").put("status", "True");
      failed.put("reason", "SignerValidationFailure").put("message", objection.get());
      failed.put("lastUpdateTime", Times.format(round.now()));
      Conditions.replace(status, "Failed", failed);
    } else {
      String pem = signer.sign(toSign(csr, name, request.get()));
      byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
      status.put("certificate", Base64.getEncoder().encodeToString(bytes));
    }
    return Statuses.write(Resources.CERTIFICATE_SIGNING_REQUESTS, csr, status);
  }

  private static CertificateSigner.Request toSign(
      ObjectNode csr, String name, SigningRequest request) {
    long seconds = Json.number(csr, 0, "spec", "expirationSeconds");
    return new CertificateSigner.Request(
        name,
        request.pem(),
        Json.items(csr, "spec", "usages").stream().map(JsonNode::asText).toList(),
        seconds == 0 ? null : Duration.ofSeconds(seconds));
  }
}
