package io.troupe.api.client.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A TLS context that trusts the given authorities alone and shows the given certificate. */
final class Tls {
  private static final char[] NO_PASSWORD = new char[0];

  private Tls() {}

  /**
   * Makes the context.
   *
   * @throws IllegalArgumentException when the PEM texts cannot be used
   */
  static SSLContext context(String caPem, Credentials credentials) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities(caPem));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(credentials), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("cannot use the TLS material: " + e.getMessage(), e);
    }
  }

  private static KeyStore authorities(String caPem) throws GeneralSecurityException, IOException {
    List<X509Certificate> certificates = Pem.certificates(caPem);
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("the PEM text of the authority holds no certificate");
    }
    KeyStore store = empty();
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("ca" + i, certificates.get(i));
    }
    return store;
  }

  private static KeyManager[] keys(Credentials credentials)
      throws GeneralSecurityException, IOException {
    if (credentials.certificatePem().isEmpty()) {
      return new KeyManager[0];
    }
    KeyStore store = empty();
    Certificate[] chain =
        Pem.certificates(credentials.certificatePem()).toArray(Certificate[]::new);
    store.setKeyEntry("client", Pem.privateKey(credentials.keyPem()), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
