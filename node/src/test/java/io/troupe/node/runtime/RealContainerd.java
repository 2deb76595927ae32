package io.troupe.node.runtime;

import io.troupe.node.runtime.containerd.Containerd;
import io.troupe.node.runtime.containerd.ContainerdSettings;
import io.troupe.node.runtime.cri.Cri;
import io.troupe.node.runtime.cri.CriRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A containerd of a test's own, with a busybox image when one is at hand; gone with everything at
 * the end.
 */
public final class RealContainerd implements AutoCloseable {
  public static final String BUSYBOX = "localhost/troupe/busybox:1";

  private final Path dir;
  private final Containerd containerd;

  private RealContainerd(Path dir, Containerd containerd) {
    this.dir = dir;
    this.containerd = containerd;
  }

  /** Starts it, or prints why it cannot. */
  public static Optional<RealContainerd> start() throws IOException {
    String missing = missing();
    if (!missing.isEmpty()) {
      System.out.println("skipped, needs " + missing);
      return Optional.empty();
    }
    Path dir = Files.createTempDirectory("troupe-cri");
    Path cni = Files.createDirectories(dir.resolve("cni"));
    Files.writeString(
        cni.resolve("10-test.conflist"),
        """
        {"cniVersion":"0.4.0","name":"troupe-test","plugins":[{"type":"ptp","ipMasq":false,
         "ipam":{"type":"host-local","dataDir":"%s/ipam","ranges":[[{"subnet":"10.93.7.0/24"}]]}}]}
        """
            .formatted(dir));
    Containerd containerd = Containerd.start(dir.resolve("containerd"), settings(cni));
    RealContainerd real = new RealContainerd(dir, containerd);
    containerd.ensurePauseImage();
    real.importBusybox();
    return Optional.of(real);
  }

  /** {@code TROUPE_TEST_CONTAINERD} names another containerd than the one on the path. */
  public static ContainerdSettings settings(Path cni) {
    ContainerdSettings usual = ContainerdSettings.of(cni);
    String binary = System.getenv("TROUPE_TEST_CONTAINERD");
    return binary == null
        ? usual
        : new ContainerdSettings(
            binary, usual.sandboxImage(), usual.cniBinDirs(), usual.cniConfDir(), null);
  }

  private static String missing() {
    if (!System.getProperty("user.name").equals("root")) {
      return "root";
    }
    for (String tool : List.of("containerd", "ctr", "runc", "setsid")) {
      if (!onPath(tool)) {
        return tool;
      }
    }
    return busybox() == null ? "a static busybox" : "";
  }

  private static boolean onPath(String tool) {
    return List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin").stream()
        .anyMatch(d -> Files.isExecutable(Path.of(d, tool)));
  }

  private static Path busybox() {
    return List.of(
            Path.of(System.getProperty("user.home"), ".cache/troupe-conformance/busybox"),
            Path.of("/bin/busybox"))
        .stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private void importBusybox() throws IOException {
    Path build = Files.createDirectories(dir.resolve("busybox"));
    Path root = Files.createDirectories(build.resolve("root"));
    for (String d : List.of("bin", "etc", "tmp", "proc", "sys", "dev", "root", "var")) {
      Files.createDirectories(root.resolve(d));
    }
    Files.setPosixFilePermissions(
        root.resolve("tmp"), java.util.EnumSet.allOf(PosixFilePermission.class));
    Files.copy(busybox(), root.resolve("bin/busybox"));
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
    for (String applet :
        ("sh sleep cat echo ls id env hostname touch httpd nc kill stat ps mount wget true false test"
                + " date rm mkdir chmod grep head tail od")
            .split(" ")) {
      Files.createSymbolicLink(root.resolve("bin/" + applet), Path.of("busybox"));
    }
    Path archive = dir.resolve("busybox.tar");
    sh(
        """
        set -e; cd %s; tar --owner=0 --group=0 -C root -cf layer.tar .
        id=$(sha256sum layer.tar | cut -d' ' -f1); mkdir -p $id; mv layer.tar $id/layer.tar
        printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%%s"]}}' $id > config.json
        printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["%%s/layer.tar"]}]' $id > manifest.json
        tar -cf %s manifest.json config.json $id
        """
            .formatted(build, BUSYBOX, archive));
    containerd.importImage(archive);
  }

  private static void sh(String script) throws IOException {
    try {
      Process process = new ProcessBuilder("sh", "-c", script).inheritIO().start();
      if (process.waitFor() != 0) {
        throw new IOException("script failed: " + script);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  public Path dir() {
    return dir;
  }

  public Containerd containerd() {
    return containerd;
  }

  public CriRuntime connect() {
    return new CriRuntime(containerd.socket());
  }

  @Override
  public void close() throws IOException {
    try (CriRuntime runtime = connect()) {
      for (Cri.PodSandbox sandbox : runtime.sandboxes("")) {
        runtime.stopSandbox(sandbox.getId());
        runtime.removeSandbox(sandbox.getId());
      }
    }
    containerd.stop();
    sh(
        "for m in $(grep -o ' %s[^ ]*' /proc/self/mounts | sort -r); do umount -l $m; done"
            .formatted(dir));
    try (var files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
