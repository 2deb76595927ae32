package io.troupe.node.kubelet.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** mount(2) and umount2(2), without a process for each. */
@SuppressWarnings(
    "restricted") // the JDK has no call for mounting; these two are declared as in mount.h
public final class Mounts {
  private static final long BIND = 4096;
  private static final long NOSUID_NODEV = 2 | 4;
  private static final int DETACH = 2;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final MethodHandle MOUNT =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("mount"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS),
          ERRNO);
  private static final MethodHandle UNMOUNT =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("umount2"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          ERRNO);

  private Mounts() {}

  /** Mounts a tmpfs; the size is in bytes, 0 for the kernel's default. */
  public static void tmpfs(Path at, long sizeBytes) {
    String options = sizeBytes > 0 ? "size=" + sizeBytes : "";
    mount("tmpfs", at, "tmpfs", 0, options);
  }

  /** Shows a file or directory at another place as well. */
  public static void bind(Path from, Path at) {
    mount(from.toString(), at, "", BIND | NOSUID_NODEV, "");
  }

  private static void mount(String source, Path at, String type, long flags, String options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result =
          (int)
              MOUNT.invokeExact(
                  state,
                  arena.allocateFrom(source),
                  arena.allocateFrom(at.toString()),
                  arena.allocateFrom(type),
                  flags,
                  arena.allocateFrom(options));
      check(result, state, "mount " + source + " at " + at);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unmounts, also when in use; the file systems' users keep what they have open. */
  public static void unmount(Path at) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) UNMOUNT.invokeExact(state, arena.allocateFrom(at.toString()), DETACH);
      check(result, state, "unmount " + at);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(int result, MemorySegment state, String what) {
    if (result != 0) {
      int errno =
          (int) STATE.varHandle(MemoryLayout.PathElement.groupElement("errno")).get(state, 0L);
      throw new MountProblem(what + ": error " + errno);
    }
  }

  /** Mount points at or below a directory, deepest first. */
  public static List<Path> below(Path dir) {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(line -> Path.of(unescape(line.split(" ")[4])))
          .filter(point -> point.startsWith(dir))
          .sorted(java.util.Comparator.<Path>naturalOrder().reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static boolean isMountPoint(Path dir) {
    return below(dir).contains(dir);
  }

  private static String unescape(String text) {
    return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
