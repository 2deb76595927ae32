package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** An {@code Accept} header: what the client would like, best first. */
public final class Accept {
  private static final int KNOWN_MAX = 500;
  private static final Map<String, Accept> KNOWN = new ConcurrentHashMap<>();

  /**
   * One wish.
   *
   * @param as the kind to convert to ({@code Table}, {@code PartialObjectMetadata}, …), or ""
   * @param group API group of as
   * @param version API version of as
   */
  public record Clause(
      Format format, String as, String group, String version, boolean pretty, double quality) {
    public static final Clause JSON = new Clause(Format.JSON, "", "", "", false, 1);

    boolean isPlain() {
      return as.isEmpty();
    }

    /** Whether an object shall be shown as another meta kind that the API server can make. */
    public boolean isMeta(String kind) {
      return as.equals(kind) && group.equals("meta.k8s.io") && version.startsWith("v1");
    }
  }

  private final List<Clause> clauses;

  private Accept(List<Clause> clauses) {
    this.clauses = clauses;
  }

  public static Accept parse(String header) {
    if (header == null || header.isEmpty()) {
      return new Accept(List.of(Clause.JSON));
    }
    Accept known = KNOWN.get(header);
    if (known == null) {
      known = read(header);
      if (KNOWN.size() < KNOWN_MAX) {
        KNOWN.put(header, known);
      }
    }
    return known;
  }

  private static Accept read(String header) {
    List<Clause> clauses = new ArrayList<>();
    for (String part : header.split(",", 64)) {
      Clause clause = clause(part);
      if (clause != null) {
        clauses.add(clause);
      }
    }
    clauses.sort(Comparator.comparingDouble(Clause::quality).reversed());
    return new Accept(clauses);
  }

  private static Clause clause(String text) {
    String[] parts = text.split(";", 16);
    Format format = format(parts[0].strip().toLowerCase(Locale.ROOT));
    if (format == null) {
      return null;
    }
    String as = "";
    String group = "";
    String version = "";
    boolean pretty = false;
    double quality = 1;
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
      String value = equals < 0 ? "" : parts[i].substring(equals + 1).strip();
      switch (name) {
        case "as" -> as = value;
        case "g" -> group = value;
        case "v" -> version = value;
        case "pretty" -> pretty = value.equals("1");
        case "q" -> quality = quality(value);
        default -> {}
      }
    }
    return new Clause(format, as, group, version, pretty, quality);
  }

  private static double quality(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private static Format format(String type) {
    return switch (type) {
      case "application/json", "application/*", "*/*" -> Format.JSON;
      case "application/yaml" -> Format.YAML;
      case "application/vnd.kubernetes.protobuf" -> Format.PROTOBUF;
      default -> null;
    };
  }

  /** The first clause with no conversion or one that is offered. */
  public Clause choose(Predicate<Clause> offered) {
    for (Clause clause : clauses) {
      if (clause.isPlain() || offered.test(clause)) {
        return clause;
      }
    }
    throw new RefusedException(
        Refusal.notAcceptable(
            "only the following media types are accepted: application/json, application/yaml,"
                + " application/vnd.kubernetes.protobuf"));
  }
}
