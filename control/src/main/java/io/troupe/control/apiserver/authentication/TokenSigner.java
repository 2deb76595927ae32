package io.troupe.control.apiserver.authentication;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs and checks JSON web tokens with ES256 (RFC 7515, RFC 7518); no other algorithm is ever
 * accepted.
 */
public final class TokenSigner {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final int MAX_TOKEN_CHARS = 16_384;

  private static final int MAX_REMEMBERED = 4_096;

  private final Map<String, ObjectNode> verified = new ConcurrentHashMap<>();
  private final KeyPair keys;
  private final String keyId;

  public TokenSigner(KeyPair keys) {
    this.keys = keys;
    this.keyId = keyId(keys);
  }

  private static String keyId(KeyPair keys) {
    try {
      return ENCODER.encodeToString(
          MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public String sign(ObjectNode claims) {
    ObjectNode header = Json.object().put("alg", "ES256").put("kid", keyId);
    String signed =
        ENCODER.encodeToString(Json.bytes(header))
            + "."
            + ENCODER.encodeToString(Json.bytes(claims));
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the token key cannot sign", e);
    }
  }

  /** The claims of a token that this key signed; empty for anything else, however it is wrong. */
  public Optional<ObjectNode> check(String token) {
    ObjectNode known = verified.get(token);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<ObjectNode> claims = verify(token);
    claims.ifPresent(c -> remember(token, c));
    return claims;
  }

  /**
   * A good signature stays good, so it is checked once; expiry and bindings are the caller's to
   * check each time.
   */
  private void remember(String token, ObjectNode claims) {
    if (verified.size() >= MAX_REMEMBERED) {
      verified.clear();
    }
    verified.put(token, claims);
  }

  private Optional<ObjectNode> verify(String token) {
    String[] parts = token.length() > MAX_TOKEN_CHARS ? new String[0] : token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      ObjectNode header = Json.parse(decode(parts[0]));
      if (!Json.text(header, "alg").equals("ES256")) {
        return Optional.empty();
      }
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(keys.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(decode(parts[2]))
          ? Optional.of(Json.parse(decode(parts[1])))
          : Optional.empty();
    } catch (GeneralSecurityException | RuntimeException malformed) {
      return Optional.empty();
    }
  }

  private static byte[] decode(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  /** The public key as a JWK set (RFC 7517), for {@code /openid/v1/jwks}. */
  public ObjectNode jwks() {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    ObjectNode set = Json.object();
    ObjectNode jwk = set.putArray("keys").addObject();
    jwk.put("use", "sig")
        .put("kty", "EC")
        .put("kid", keyId)
        .put("crv", "P-256")
        .put("alg", "ES256");
    jwk.put("x", coordinate(key.getW().getAffineX())).put("y", coordinate(key.getW().getAffineY()));
    return set;
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[32];
    int from = Math.max(0, bytes.length - 32);
    byte[] tail = Arrays.copyOfRange(bytes, from, bytes.length);
    System.arraycopy(tail, 0, fixed, 32 - tail.length, tail.length);
    return ENCODER.encodeToString(fixed);
  }
}
