package io.troupe.control.controllers;

import io.troupe.api.object.Resource;
import io.troupe.control.controllers.certificates.CertificateSigner;
import io.troupe.control.controllers.node.NodeTimes;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the controllers need beside the cluster.
 *
 * @param served every type that can be listed, watched and deleted, each once; asked again whenever
 *     it may have changed
 * @param rootCaPem the API server's authority, for {@code kube-root-ca.crt}
 */
public record ControllerSettings(
    Supplier<List<Resource>> served,
    Supplier<String> rootCaPem,
    CertificateSigner signer,
    NodeTimes nodeTimes) {}
