package io.troupe.control.apiserver;

import io.troupe.control.apiserver.pki.ClusterPki;
import io.troupe.control.apiserver.pki.KeyPairFile;
import java.util.function.Supplier;

/**
 * Where and as whom the API server serves.
 *
 * @param bindAddress for example {@code 0.0.0.0}
 * @param port 0 for any free one
 * @param serving the serving certificate, asked for again when the old one nears its end
 * @param kubeletClient the certificate with which kubelets are called
 * @param issuer of service-account tokens
 * @param maxInFlight requests at once (without watches) before 429
 */
public record ApiServerSettings(
    String bindAddress,
    int port,
    ClusterPki pki,
    Supplier<KeyPairFile> serving,
    Supplier<KeyPairFile> kubeletClient,
    String issuer,
    int maxInFlight) {}
