package io.troupe.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.cli.StartFailure;
import io.troupe.control.apiserver.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A certificate asked of the cluster with a CertificateSigningRequest.
 *
 * @param signer for example {@code kubernetes.io/kubelet-serving}
 * @param usage {@code client auth} or {@code server auth}
 * @param names DNS names and addresses, for a serving certificate
 */
record CertificateOrder(String nodeName, String signer, String usage, List<String> names) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 200;

  static CertificateOrder client(String nodeName) {
    return new CertificateOrder(
        nodeName, "kubernetes.io/kube-apiserver-client-kubelet", "client auth", List.of());
  }

  static CertificateOrder serving(String nodeName, String address) {
    return new CertificateOrder(
        nodeName, "kubernetes.io/kubelet-serving", "server auth", List.of(nodeName, address));
  }

  /** The signed certificate as PEM text; waits for approver and signer. */
  String fetch(KubeClient client, KeyPair keys) throws StartFailure, InterruptedException {
    String name = "node-csr-" + UUID.randomUUID();
    client.create(Resources.CERTIFICATE_SIGNING_REQUESTS, request(name, keys));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      ObjectNode now = client.get(Resources.CERTIFICATE_SIGNING_REQUESTS, "", name);
      String certificate = Json.text(now, "status", "certificate");
      if (!certificate.isEmpty()) {
        return new String(Base64.getDecoder().decode(certificate), StandardCharsets.US_ASCII);
      }
      refuseIfDenied(name, now);
      Thread.sleep(LOOK_MILLIS);
    }
    throw new StartFailure(
        "nobody approved the certificate request "
            + name
            + "; look at it with `kubectl describe csr "
            + name
            + "`, approve it with `kubectl certificate approve "
            + name
            + "`, then join again");
  }

  private static void refuseIfDenied(String name, ObjectNode csr) throws StartFailure {
    for (var condition : Json.items(csr, "status", "conditions")) {
      String type = Json.text(condition, "type");
      if (type.equals("Denied") || type.equals("Failed")) {
        throw new StartFailure(
            "the certificate request " + name + " was refused: " + Json.text(condition, "message"));
      }
    }
  }

  private ObjectNode request(String name, KeyPair keys) {
    ObjectNode csr =
        Json.object()
            .put("apiVersion", "certificates.k8s.io/v1")
            .put("kind", "CertificateSigningRequest");
    csr.putObject("metadata").put("name", name);
    ObjectNode spec = csr.putObject("spec").put("signerName", signer);
    byte[] pem = pem(keys).getBytes(StandardCharsets.US_ASCII);
    spec.put("request", Base64.getEncoder().encodeToString(pem));
    spec.putArray("usages").add("digital signature").add(usage);
    return csr;
  }

  private String pem(KeyPair keys) {
    var subject =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "system:nodes")
            .addRDN(BCStyle.CN, "system:node:" + nodeName);
    var builder = new JcaPKCS10CertificationRequestBuilder(subject.build(), keys.getPublic());
    try {
      if (!names.isEmpty()) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, alternativeNames());
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      var signed =
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      return Pem.encode("CERTIFICATE REQUEST", signed.getEncoded());
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot write a certificate request for " + nodeName, e);
    }
  }

  private GeneralNames alternativeNames() {
    return new GeneralNames(
        names.stream()
            .map(
                n ->
                    new GeneralName(
                        n.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName,
                        n))
            .toArray(GeneralName[]::new));
  }
}
