package io.troupe.node.kubelet.server;

import java.nio.file.Path;

/**
 * The kubelet's HTTPS server.
 *
 * @param certificate PEM file with the serving certificate and its chain
 * @param key PEM file with its key (PKCS #8)
 * @param clientCa PEM file with the authorities whose client certificates are accepted
 */
public record ServerSettings(
    String bindAddress, int port, Path certificate, Path key, Path clientCa) {}
