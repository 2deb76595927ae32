package io.troupe.control.controllers.certificates;

import java.time.Duration;
import java.util.List;

/** Makes certificates; implemented where the authority's key is. */
@FunctionalInterface
public interface CertificateSigner {
  /**
   * An approved request.
   *
   * @param signerName for example {@code kubernetes.io/kube-apiserver-client-kubelet}
   * @param requestPem the PKCS #10 request in PEM
   * @param usages as the API names them, for example {@code client auth}
   * @param expiration how long it is to be valid; null for the signer's choice
   */
  record Request(String signerName, String requestPem, List<String> usages, Duration expiration) {}

  /** The certificate in PEM. */
  String sign(Request request);
}
