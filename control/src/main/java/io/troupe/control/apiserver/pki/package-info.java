/**
 * The cluster's certificates and keys: what kubeadm's {@code certs} phases and k3s' dynamic
 * listener do.
 *
 * <p>{@link io.troupe.control.apiserver.pki.Pki} owns a directory: own authorities, the server
 * certificate, client certificates of components and of the administrator, the service-account
 * key. Leaves are renewed before they expire; readers ask again and get the new one. All keys are
 * ECDSA P-256, files with keys have mode 0600.
 *
 * <p>Left out: signing of CertificateSigningRequests as a decision (a controller's; {@link
 * io.troupe.control.apiserver.pki.CertificateAuthority#sign} is what it calls), external
 * authorities.
 */
package io.troupe.control.apiserver.pki;
