package io.troupe.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.cli.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Finds out a cluster's authority with nothing but a hash of its key: what the server says is
 * believed only when the hash fits (kubeadm's token discovery).
 */
public final class ClusterAuthority {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String INFO = "/api/v1/namespaces/kube-public/configmaps/cluster-info";
  private static final Pattern DATA = Pattern.compile("certificate-authority-data: (\\S+)");

  private ClusterAuthority() {}

  /** {@code sha256:} and the hash of the authority's public key, in hexadecimal. */
  public static String hash(X509Certificate authority) {
    try {
      byte[] key = authority.getPublicKey().getEncoded();
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The authority's PEM text. */
  static String fetch(URI server, String hash) throws StartFailure, InterruptedException {
    String pem = claimed(server);
    try {
      if (hash(io.troupe.control.apiserver.pki.Pem.certificate(pem)).equals(hash)) {
        return pem;
      }
    } catch (GeneralSecurityException e) {
      throw new StartFailure(
          server + " shows an authority that cannot be read: " + e.getMessage(), e);
    }
    throw new StartFailure(
        "the authority of "
            + server
            + " does not fit --ca-hash: wrong server, or someone in between");
  }

  private static String claimed(URI server) throws StartFailure, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(unverified()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + INFO)).timeout(PATIENCE).build();
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      JsonNode info = Json.MAPPER.readTree(response.body());
      Matcher data = DATA.matcher(Json.text(info, "data", "kubeconfig"));
      if (response.statusCode() != 200 || !data.find()) {
        throw new StartFailure(
            server + " has no cluster-info to join by (it answered " + response.statusCode() + ")");
      }
      return new String(Base64.getDecoder().decode(data.group(1)), StandardCharsets.US_ASCII);
    } catch (IOException | GeneralSecurityException e) {
      throw new StartFailure("cannot reach " + server + ": " + e, e);
    }
  }

  /** Nothing is sent over this connection, and nothing of it is believed but by its hash. */
  private static SSLContext unverified() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
    return context;
  }

  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
