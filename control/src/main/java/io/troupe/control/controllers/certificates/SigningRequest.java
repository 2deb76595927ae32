package io.troupe.control.controllers.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** What a CertificateSigningRequest asks for, and the rules of the built-in signers. */
record SigningRequest(
    String pem,
    List<String> organizations,
    String commonName,
    Set<Integer> alternativeNames,
    List<String> dnsNames,
    List<String> addresses,
    Set<String> usages) {
  static final String CLIENT = "kubernetes.io/kube-apiserver-client";
  static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
  static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
  static final String LEGACY = "kubernetes.io/legacy-unknown";

  private static final Set<String> BASE_USAGES = Set.of("key encipherment", "digital signature");

  /** Empty when the request cannot be read. */
  static Optional<SigningRequest> read(JsonNode csr) {
    String pem =
        new String(
            Base64.getMimeDecoder().decode(Json.text(csr, "spec", "request")),
            StandardCharsets.UTF_8);
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      return parser.readObject() instanceof PKCS10CertificationRequest request
          ? Optional.of(of(pem, request, csr))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SigningRequest of(String pem, PKCS10CertificationRequest request, JsonNode csr) {
    Set<String> usages = new HashSet<>();
    Json.items(csr, "spec", "usages").forEach(u -> usages.add(u.asText()));
    List<String> names = texts(request.getSubject(), BCStyle.CN);
    return new SigningRequest(
        pem,
        texts(request.getSubject(), BCStyle.O),
        names.isEmpty() ? "" : names.getFirst(),
        alternativeNames(request),
        dnsNames(request),
        addresses(request),
        usages);
  }

  private static List<String> texts(
      X500Name subject, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
    List<String> texts = new ArrayList<>();
    for (var rdn : subject.getRDNs(type)) {
      texts.add(rdn.getFirst().getValue().toString());
    }
    return texts;
  }

  private static Set<Integer> alternativeNames(PKCS10CertificationRequest request) {
    Set<Integer> kinds = new HashSet<>();
    names(request).forEach(name -> kinds.add(name.getTagNo()));
    return kinds;
  }

  private static List<String> dnsNames(PKCS10CertificationRequest request) {
    return names(request).stream()
        .filter(n -> n.getTagNo() == GeneralName.dNSName)
        .map(n -> n.getName().toString())
        .toList();
  }

  private static List<String> addresses(PKCS10CertificationRequest request) {
    return names(request).stream()
        .filter(n -> n.getTagNo() == GeneralName.iPAddress)
        .map(n -> address(ASN1OctetString.getInstance(n.getName()).getOctets()))
        .toList();
  }

  private static String address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
    }
  }

  private static List<GeneralName> names(PKCS10CertificationRequest request) {
    List<GeneralName> found = new ArrayList<>();
    for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
      Extensions extensions = Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
      GeneralNames names =
          GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
      if (names != null) {
        for (GeneralName name : names.getNames()) {
          found.add(name);
        }
      }
    }
    return found;
  }

  boolean isKubeletClient() {
    return isOfNode() && alternativeNames.isEmpty() && hasUsages("client auth");
  }

  boolean isKubeletServing() {
    boolean hasName =
        alternativeNames.contains(GeneralName.dNSName)
            || alternativeNames.contains(GeneralName.iPAddress);
    boolean hasOther =
        alternativeNames.contains(GeneralName.rfc822Name)
            || alternativeNames.contains(GeneralName.uniformResourceIdentifier);
    return isOfNode() && hasName && !hasOther && hasUsages("server auth");
  }

  private boolean isOfNode() {
    return organizations.equals(List.of("system:nodes")) && commonName.startsWith("system:node:");
  }

  /** Exactly this use, with signing and (for RSA keys) encipherment. */
  private boolean hasUsages(String use) {
    Set<String> rest = new HashSet<>(usages);
    boolean has = rest.remove(use) && rest.contains("digital signature");
    rest.removeAll(BASE_USAGES);
    return has && rest.isEmpty();
  }

  /** Why the signer may not sign this; empty when it may. */
  Optional<String> objection(String signer) {
    boolean fine =
        switch (signer) {
          case KUBELET_CLIENT -> isKubeletClient();
          case KUBELET_SERVING -> isKubeletServing();
          case CLIENT -> usages.contains("client auth") && onlyClientUsages();
          default -> true;
        };
    return fine ? Optional.empty() : Optional.of("the request does not fit signer " + signer);
  }

  private boolean onlyClientUsages() {
    Set<String> rest = new HashSet<>(usages);
    rest.remove("client auth");
    rest.removeAll(BASE_USAGES);
    return rest.isEmpty();
  }
}
