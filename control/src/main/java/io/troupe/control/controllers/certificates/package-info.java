/**
 * Certificate signing requests: approves those of kubelets, signs approved ones, removes old ones.
 *
 * <p>In: CertificateSigningRequests. Out: their approval, certificate and removal. The keys are not
 * here: a {@link io.troupe.control.controllers.certificates.CertificateSigner} is given.
 */
package io.troupe.control.controllers.certificates;
