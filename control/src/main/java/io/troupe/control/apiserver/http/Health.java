package io.troupe.control.apiserver.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Named checks behind {@code /readyz}, {@code /livez} and {@code /healthz}. */
public final class Health {
  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();

  public Health() {
    checks.put("ping", () -> true);
  }

  /** Adds a check, before the server starts. */
  public Health with(String name, BooleanSupplier check) {
    checks.put(name, check);
    return this;
  }

  /** The report of upstream's form: {@code [+]name ok} lines. */
  public record Report(boolean ok, String text) {}

  public Report report(String endpoint, boolean verbose, java.util.List<String> excluded) {
    boolean ok = true;
    StringBuilder text = new StringBuilder();
    for (var check : checks.entrySet()) {
      boolean left = excluded.contains(check.getKey());
      boolean good = left || check.getValue().getAsBoolean();
      ok &= good;
      text.append(good ? "[+]" : "[-]").append(check.getKey());
      text.append(left ? " excluded: ok\n" : good ? " ok\n" : " failed: reason withheld\n");
    }
    if (ok) {
      return new Report(true, verbose ? text + endpoint + " check passed\n" : "ok");
    }
    return new Report(false, text + endpoint + " check failed\n");
  }

  /** One check by its path; null when there is none. */
  public Boolean single(String name) {
    BooleanSupplier check = checks.get(name);
    return check == null ? null : check.getAsBoolean();
  }
}
