package io.troupe.node.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** The {@code nft} program in this process's network namespace. */
final class Nft {

  /** Chains and sets of the table, as they are in the kernel. */
  record Present(Set<String> chains, Set<String> sets) {}

  /** What stands in the kernel now, for example from before a restart; empty without the table. */
  Present present() throws IOException {
    Set<String> chains = new TreeSet<>();
    Set<String> sets = new TreeSet<>();
    Result result = run("", "nft", "-j", "list", "table", "ip", "troupe-proxy");
    if (result.code() == 0) {
      for (JsonNode item : Json.items(Json.parse(result.output()), "nftables")) {
        addName(item, "chain", chains);
        addName(item, "set", sets);
      }
    }
    return new Present(chains, sets);
  }

  private static void addName(JsonNode item, String field, Set<String> names) {
    if (item.has(field)) {
      names.add(Json.text(item, field, "name"));
    }
  }

  /** Applies a script in one transaction: all of it or nothing. */
  void apply(String script) throws IOException {
    Result result = run(script, "nft", "-f", "-");
    if (result.code() != 0) {
      throw new IOException("nft refused the rules: " + result.output().strip());
    }
  }

  record Result(int code, String output) {}

  static Result run(String input, String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Result(process.waitFor(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command[0] + " ran", e);
    }
  }
}
