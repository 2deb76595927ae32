package io.troupe.cli.command;

import io.troupe.cli.StartFailure;
import io.troupe.cli.cluster.DataDirectory;
import io.troupe.cli.cluster.ZoneNetwork;
import io.troupe.control.apiserver.pki.ClusterPki;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code troupe up --zones N}: one process for each zone, in a network namespace of its own, on one database. This
 * process only starts, watches over and ends them.
 */
final class Zones {
  private static final int MEMBER_PORT = 25_520;
  private static final int API_PORT = 6_443;
  private static final long PATIENCE_MILLIS = 180_000;
  private static final long STOP_SECONDS = 30;

  private final DataDirectory data;
  private final int count;
  private final ZoneNetwork network;
  private final List<Process> members = new ArrayList<>();
  private EmbeddedPostgres postgres;

  Zones(DataDirectory data, int count) {
    this.data = data;
    this.count = count;
    this.network = ZoneNetwork.of(data.root(), count);
  }

  /** Starts all zones and returns what to tell the user. */
  String start() throws StartFailure, IOException, InterruptedException {
    if (!Defaults.isRoot()) {
      throw new StartFailure("--zones makes network namespaces, which needs root");
    }
    network.up();
    ClusterPki.open(data.child("pki"), Clock.systemUTC()::instant);
    postgres =
        EmbeddedPostgres.start(data.child("postgres"), data.child("postgres").resolve("bin"), network.bridgeAddress());
    List<String> seeds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      seeds.add(network.address(i) + ":" + MEMBER_PORT);
    }
    for (int i = 0; i < count; i++) {
      members.add(startMember(i, seeds));
    }
    for (int i = 0; i < count; i++) {
      awaitReady(i);
    }
    return report();
  }

  private Path zoneDir(int index) {
    return data.child("zones").resolve(ZoneNetwork.zone(index));
  }

  private Process startMember(int index, List<String> seeds) throws IOException {
    Path folder = Files.createDirectories(zoneDir(index));
    Files.deleteIfExists(folder.resolve("ready"));
    String zone = ZoneNetwork.zone(index);
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.troupe.cli.Main", "up"));
    command.addAll(List.of("--data-dir", folder.toString(), "--pki-dir", data.child("pki").toString()));
    command.addAll(List.of("--zone", zone, "--node-name", "zone-" + zone, "--address", network.address(index)));
    command.addAll(List.of("--port", Integer.toString(API_PORT), "--member-port", Integer.toString(MEMBER_PORT)));
    command.addAll(List.of("--database", postgres.jdbcUrl(), "--database-user", postgres.user()));
    seeds.forEach(s -> command.addAll(List.of("--seed", s)));
    ProcessBuilder builder = new ProcessBuilder(network.inside(index, command));
    builder.environment().put("TROUPE_DATABASE_PASSWORD", postgres.password());
    File log = folder.resolve("troupe.log").toFile();
    return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start();
  }

  private void awaitReady(int index) throws StartFailure, InterruptedException, IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (!Files.exists(zoneDir(index).resolve("ready"))) {
      if (!members.get(index).isAlive() || System.nanoTime() > end) {
        Path log = zoneDir(index).resolve("troupe.log");
        String why =
            Files.readAllLines(log).stream().filter(l -> l.startsWith("troupe: ")).reduce((a, b) -> b).orElse("see " + log);
        throw new StartFailure("zone " + ZoneNetwork.zone(index) + " did not start: " + why.replaceFirst("^troupe: ", ""));
      }
      Thread.sleep(50);
    }
  }

  private String report() throws IOException {
    Path kubeconfig = data.child("admin.kubeconfig");
    Files.copy(zoneDir(0).resolve("admin.kubeconfig"), kubeconfig, StandardCopyOption.REPLACE_EXISTING);
    StringBuilder text = new StringBuilder("Troupe is up in " + count + " zones.\n");
    for (int i = 0; i < count; i++) {
      text.append("  zone %s      https://%s:%d  node zone-%s  %s\n".formatted(
          ZoneNetwork.zone(i), network.address(i), API_PORT, ZoneNetwork.zone(i), zoneDir(i).resolve("admin.kubeconfig")));
    }
    text.append("  kubeconfig  %s\nNext:\n  export KUBECONFIG=%s\n  kubectl get nodes\n".formatted(kubeconfig, kubeconfig));
    return text.toString();
  }

  /** Ends the members, then the database; pods go on running. */
  void stop() {
    members.forEach(Process::destroy);
    for (Process member : members) {
      try {
        if (!member.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
          member.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      if (postgres != null) {
        postgres.close();
      }
    } catch (IOException e) {
      System.err.println("troupe: the database did not stop: " + e.getMessage());
    }
  }
}
