package io.troupe.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A small image around a static busybox, made on the spot, since a machine may have no registry. */
final class TestImage {
  static final String NAME = "localhost/troupe/test:1";

  private TestImage() {}

  static Optional<Path> busybox() {
    for (Path candidate : new Path[] {Path.of("/bin/busybox"), Path.of("/usr/bin/busybox")}) {
      if (Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** A docker archive in the folder. */
  static Path build(Path folder) {
    try {
      Path script = folder.resolve("image.sh");
      Files.writeString(
          script,
          """
          set -e
          cd "$1"
          mkdir -p root/bin root/etc root/tmp root/proc root/sys root/dev root/www out/layer
          cp "$2" root/bin/busybox
          for a in sh cat echo sleep hostname httpd wget nslookup ls env id test touch grep seq date; do ln -sf busybox root/bin/$a; done
          printf 'root:x:0:0:root:/:/bin/sh\\n' > root/etc/passwd
          printf 'root:x:0:\\n' > root/etc/group
          tar -C root --sort=name --mtime=@0 --owner=0 --group=0 -cf out/layer/layer.tar .
          id=$(sha256sum out/layer/layer.tar | cut -d' ' -f1)
          printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$3" "$id" > out/config.json
          printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer/layer.tar"]}]' "$4" > out/manifest.json
          tar -C out -cf image.tar manifest.json config.json layer/layer.tar
          """);
      String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
      Shell.run("sh", script.toString(), folder.toString(), busybox().orElseThrow().toString(), arch, NAME).ok();
      return folder.resolve("image.tar");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
