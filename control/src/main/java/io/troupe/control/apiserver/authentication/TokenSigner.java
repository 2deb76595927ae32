package io.troupe.control.apiserver.authentication;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.apiserver.pki.ServiceAccountKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/** JSON web tokens signed with ES256 (RFC 7515, 7518): signs claims, reads signed ones. */
public final class TokenSigner {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final ServiceAccountKey key;
  private final String header;

  public TokenSigner(ServiceAccountKey key) {
    this.key = key;
    ObjectNode head = Json.object().put("alg", "ES256").put("kid", key.id());
    header = ENCODER.encodeToString(Json.bytes(head));
  }

  public String sign(ObjectNode claims) {
    String signed = header + "." + ENCODER.encodeToString(Json.bytes(claims));
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key.key());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with an own key", e);
    }
  }

  /** The claims of a token that this key signed; empty for any other text. */
  public Optional<ObjectNode> verify(String token) {
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      return Optional.empty();
    }
    // Our own header is the only one that we accept, so no other algorithm can be smuggled in.
    if (!token.startsWith(header) || first != header.length()) {
      return Optional.empty();
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key.publicKey());
      signature.update(token.substring(0, second).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(token.substring(second + 1)))) {
        return Optional.empty();
      }
      byte[] claims = Base64.getUrlDecoder().decode(token.substring(first + 1, second));
      return Optional.of(Json.parse(claims));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
