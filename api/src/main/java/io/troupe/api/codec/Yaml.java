package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML as JSON: the 1.2 core schema (so {@code yes} and {@code on} are words), with 1.1's octal
 * {@code 0644} and merge keys {@code <<}, which manifests use.
 */
public final class Yaml {
  public static final String MEDIA_TYPE = "application/yaml";

  private Yaml() {}

  /**
   * A document as a JSON tree.
   *
   * @param duplicateKeys what strict field validation says about keys that were given twice, for
   *     example {@code key "a" already set in map}; the last one wins
   */
  public record Document(JsonNode value, List<String> duplicateKeys) {
    public Document {
      duplicateKeys = List.copyOf(duplicateKeys);
    }
  }

  /**
   * Reads the one document of a body; JSON is YAML, too. No document is null.
   *
   * @throws RefusedException 400 when it is no YAML, too deep, expands too much or has more than
   *     one document
   */
  public static Document parse(String text) {
    List<Document> all = parseAll(text);
    if (all.size() > 1) {
      throw refused("yaml: expected one document, found " + all.size());
    }
    return all.isEmpty() ? new Document(NullNode.getInstance(), List.of()) : all.getFirst();
  }

  /** Reads all documents of a text, as manifests have them. */
  public static List<Document> parseAll(String text) {
    try {
      return new YamlReader(text).documents();
    } catch (YamlEngineException e) {
      throw refused("error converting YAML to JSON: yaml: " + firstLine(e.getMessage()));
    }
  }

  /** Writes a tree as a document of block style with sorted keys, as kubectl shows objects. */
  public static String write(JsonNode value) {
    StringBuilder out = new StringBuilder();
    new YamlWriter(out).document(value);
    return out.toString();
  }

  static RefusedException refused(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }

  private static String firstLine(String message) {
    return message == null ? "unreadable" : message.strip().replaceAll("\\s*\\n\\s*", " ");
  }
}
