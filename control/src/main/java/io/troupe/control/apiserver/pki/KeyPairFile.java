package io.troupe.control.apiserver.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate with its private key, and both as PEM text. */
public record KeyPairFile(
    X509Certificate certificate, PrivateKey key, String certificatePem, String keyPem) {}
