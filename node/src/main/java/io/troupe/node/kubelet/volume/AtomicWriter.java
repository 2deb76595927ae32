package io.troupe.node.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Projects files into a directory so that an update appears as a whole: content goes to a new
 * directory, {@code ..data} is a symbolic link to it that is replaced by a rename, and the visible
 * names are links through {@code ..data}.
 */
final class AtomicWriter {
  private static final String DATA = "..data";

  private final Path target;

  AtomicWriter(Path target) {
    this.target = target;
  }

  /**
   * Makes the directory show exactly these files, by relative path.
   *
   * @param group the owning group of everything, -1 for root's
   * @return whether anything changed
   */
  boolean write(Map<String, FileEntry> files, long group) throws IOException {
    Path data = target.resolve(DATA);
    Path old = Files.isSymbolicLink(data) ? target.resolve(Files.readSymbolicLink(data)) : null;
    if (old != null && same(old, files)) {
      links(files);
      return false;
    }
    Path fresh = Files.createTempDirectory(target, "..troupe_");
    chmod(fresh, 0755);
    for (var file : new TreeMap<>(files).entrySet()) {
      writeFile(fresh, file.getKey(), file.getValue(), group);
    }
    if (group >= 0) {
      Files.setAttribute(fresh, "unix:gid", (int) group);
    }
    Path link = target.resolve("..data_tmp");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, fresh.getFileName());
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    links(files);
    if (old != null) {
      deleteTree(old);
    }
    return true;
  }

  private static void writeFile(Path dir, String path, FileEntry entry, long group)
      throws IOException {
    Path file = dir.resolve(path).normalize();
    if (!file.startsWith(dir)) {
      throw new MountProblem("path " + path + " leaves the volume");
    }
    Files.createDirectories(file.getParent());
    for (Path d = file.getParent(); !d.equals(dir); d = d.getParent()) {
      chmod(d, 0755);
    }
    Files.write(file, entry.content());
    if (entry.uid() != 0) {
      Files.setAttribute(file, "unix:uid", (int) entry.uid());
    }
    if (group >= 0) {
      Files.setAttribute(file, "unix:gid", (int) group);
    }
    // With fsGroup, the group may read whatever the owner may.
    chmod(file, group >= 0 ? entry.mode() | 0440 : entry.mode());
  }

  private static void chmod(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  private static boolean same(Path dir, Map<String, FileEntry> files) throws IOException {
    Set<String> present = new HashSet<>();
    try (var walk = Files.walk(dir)) {
      walk.filter(Files::isRegularFile).forEach(f -> present.add(dir.relativize(f).toString()));
    }
    if (!present.equals(files.keySet())) {
      return false;
    }
    for (var file : files.entrySet()) {
      Path path = dir.resolve(file.getKey());
      if (!Arrays.equals(Files.readAllBytes(path), file.getValue().content())) {
        return false;
      }
    }
    return true;
  }

  /** One visible link for each first path element; links to what is gone go. */
  private void links(Map<String, FileEntry> files) throws IOException {
    Set<String> wanted = new HashSet<>();
    files.keySet().forEach(path -> wanted.add(Path.of(path).getName(0).toString()));
    try (var entries = Files.list(target)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("..") && !wanted.remove(name)) {
          Files.delete(entry);
        }
      }
    }
    for (String name : wanted) {
      Files.createSymbolicLink(target.resolve(name), Path.of(DATA, name));
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var walk = Files.walk(root)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
