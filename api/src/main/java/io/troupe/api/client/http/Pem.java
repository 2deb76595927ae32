package io.troupe.api.client.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys from PEM text. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");

  /** Algorithm identifiers in DER: RSA, and EC with each named curve by the length of its keys. */
  private static final String RSA = "300d06092a864886f70d0101010500";

  private static final String EC_256 = "301306072a8648ce3d020106082a8648ce3d030107";
  private static final String EC_384 = "301006072a8648ce3d020106052b81040022";
  private static final String EC_521 = "301006072a8648ce3d020106052b81040023";

  private Pem() {}

  private record Block(String label, byte[] der) {}

  private static List<Block> blocks(String pem) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      byte[] der =
          Base64.getMimeDecoder().decode(matcher.group(2).getBytes(StandardCharsets.US_ASCII));
      blocks.add(new Block(matcher.group(1), der));
    }
    return blocks;
  }

  static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(pem)) {
      if (block.label().equals("CERTIFICATE")) {
        var in = new ByteArrayInputStream(block.der());
        certificates.add((X509Certificate) factory.generateCertificate(in));
      }
    }
    return certificates;
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    for (Block block : blocks(pem)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return pkcs8(block.der());
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(wrap(RSA, block.der()));
        }
        case "EC PRIVATE KEY" -> {
          return pkcs8(wrap(curve(block.der()), block.der()));
        }
        default -> {
          // EC PARAMETERS and certificates may stand before the key.
        }
      }
    }
    throw new InvalidKeySpecException("the PEM text holds no private key");
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    InvalidKeySpecException why = null;
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        why = e;
      }
    }
    throw new InvalidKeySpecException("neither an EC, an RSA nor an Ed25519 key", why);
  }

  /** SEC 1 starts with version 1 and the key as an octet string, whose length names the curve. */
  private static String curve(byte[] sec1) throws InvalidKeySpecException {
    int sequence = sec1[1] < 0 ? 2 + (sec1[1] & 0x7f) : 2;
    return switch (sec1[sequence + 4]) {
      case 32 -> EC_256;
      case 48 -> EC_384;
      case 66 -> EC_521;
      default -> throw new InvalidKeySpecException("an EC key of an unknown curve");
    };
  }

  private static byte[] wrap(String algorithm, byte[] key) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {2, 1, 0});
    body.writeBytes(HexFormat.of().parseHex(algorithm));
    body.writeBytes(der(4, key));
    return der(0x30, body.toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length & 0xff);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
