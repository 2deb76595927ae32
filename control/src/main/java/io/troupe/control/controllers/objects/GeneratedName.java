package io.troupe.control.controllers.objects;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Predicate;

/**
 * Names with a suffix as {@code generateName} makes them, but computed from what the name is for:
 * two processes that decide the same from the same state choose the same name, and the second is
 * refused.
 */
public final class GeneratedName {
  /** Upstream's alphabet for generated names: no vowels, no digits that look like letters. */
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  /** Names are cut so that they still fit into a label value. */
  private static final int LONGEST_PREFIX = 58;

  private GeneratedName() {}

  /** A name that is not taken, computed from the seed. */
  public static String of(String prefix, String seed, Predicate<String> taken) {
    String cut = prefix.length() > LONGEST_PREFIX ? prefix.substring(0, LONGEST_PREFIX) : prefix;
    for (int attempt = 0; ; attempt++) {
      String name = cut + suffix(seed + "#" + attempt, 5);
      if (!taken.test(name)) {
        return name;
      }
    }
  }

  /** Letters and digits that depend on the seed alone. */
  public static String suffix(String seed, int length) {
    byte[] hash = sha256(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int two = ((hash[2 * i] & 0xff) << 8) | (hash[2 * i + 1] & 0xff);
      text.append(ALPHABET.charAt(two % ALPHABET.length()));
    }
    return text.toString();
  }

  /** Maps each character of a number's text to the alphabet, as upstream's SafeEncodeString. */
  public static String safeEncode(String text) {
    StringBuilder safe = new StringBuilder();
    text.chars().forEach(c -> safe.append(ALPHABET.charAt(c % ALPHABET.length())));
    return safe.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
