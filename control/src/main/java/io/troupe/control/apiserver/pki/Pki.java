package io.troupe.control.apiserver.pki;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The cluster's keys in one directory: made on first start, renewed when they are due. Control
 * JVMs of one cluster hold copies of the same {@code ca}, {@code front-proxy-ca} and {@code sa}
 * files.
 */
public final class Pki {
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  private final CredentialFiles files;
  private final InstantSource clock;
  private final CertificateAuthority authority;
  private final CertificateAuthority frontProxyAuthority;
  private final ServiceAccountKey serviceAccountKey;

  private Pki(Path directory, InstantSource clock) {
    this.clock = clock;
    files = new CredentialFiles(directory);
    authority = authority("ca", "kubernetes");
    frontProxyAuthority = authority("front-proxy-ca", "kubernetes-front-proxy-ca");
    serviceAccountKey = ServiceAccountKey.open(files);
  }

  /** Opens the directory, which is created when it is not there. */
  public static Pki open(Path directory, InstantSource clock) {
    return new Pki(directory, clock);
  }

  public CertificateAuthority authority() {
    return authority;
  }

  public CertificateAuthority frontProxyAuthority() {
    return frontProxyAuthority;
  }

  public ServiceAccountKey serviceAccountKey() {
    return serviceAccountKey;
  }

  public InstantSource clock() {
    return clock;
  }

  /** The server's certificate; a new one when it is due or the names have changed. */
  public Credential server(ServerNames names) {
    return leaf("apiserver", names.request());
  }

  /** How the API server shows itself to kubelets. */
  public Credential kubeletClient() {
    return leaf(
        "apiserver-kubelet-client",
        LeafRequest.client("kube-apiserver-kubelet-client", "kubeadm:cluster-admins"));
  }

  /** How the API server shows itself to aggregated API servers. */
  public Credential frontProxyClient() {
    return leaf(frontProxyAuthority, "front-proxy-client", LeafRequest.client("front-proxy-client"));
  }

  /** The administrator, in system:masters. */
  public Credential administrator() {
    return leaf("admin", LeafRequest.client("kubernetes-admin", "system:masters"));
  }

  /**
   * The leaf with this file name, made or renewed when it is missing, due or says something else
   * than the request.
   */
  public Credential leaf(String name, LeafRequest request) {
    return leaf(authority, name, request);
  }

  private synchronized Credential leaf(
      CertificateAuthority issuer, String name, LeafRequest request) {
    Instant now = clock.instant();
    return files
        .read(name)
        .filter(c -> !c.isDue(now) && isFrom(issuer, c) && says(c.certificate(), request))
        .orElseGet(() -> renewed(issuer, name, request, now));
  }

  private Credential renewed(
      CertificateAuthority issuer, String name, LeafRequest request, Instant now) {
    Credential fresh = issuer.issue(request, now);
    files.write(name, fresh);
    return fresh;
  }

  private static boolean isFrom(CertificateAuthority issuer, Credential credential) {
    try {
      credential.certificate().verify(issuer.certificate().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean says(X509Certificate certificate, LeafRequest request) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      Set<String> found = new HashSet<>();
      if (names != null) {
        names.forEach(name -> found.add(canonical(name.get(1).toString())));
      }
      Set<String> wanted = new HashSet<>(request.dnsNames());
      request.addresses().forEach(address -> wanted.add(canonical(address)));
      return found.equals(wanted);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Java writes ::1 as 0:0:0:0:0:0:0:1. */
  private static String canonical(String name) {
    return name.indexOf(':') < 0 ? name : java.net.InetAddress.ofLiteral(name).getHostAddress();
  }

  private CertificateAuthority authority(String name, String commonName) {
    return new CertificateAuthority(
        files
            .read(name)
            .orElseGet(
                () -> {
                  Credential made =
                      CertificateAuthority.selfSigned(
                          commonName, clock.instant(), AUTHORITY_LIFETIME);
                  files.write(name, made);
                  return made;
                }));
  }
}
