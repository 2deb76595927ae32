package io.troupe.node.runtime.containerd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The image whose one process holds a pod's namespaces: a static program of a few hundred bytes
 * that waits for SIGTERM or SIGINT and, as process 1 of a shared PID namespace, leaves no zombies.
 * It is assembled here, so neither a registry nor a compiler is needed.
 */
public final class PauseImage {
  public static final String REFERENCE = "localhost/troupe/pause:1";

  private static final long BASE = 0x400000;
  private static final int HEADERS_BYTES = 64 + 56;
  private static final int SIGCHLD = 17;

  /** Bits of SIGINT (2) and SIGTERM (15). */
  private static final long STOP_SIGNALS = 1L << 1 | 1L << 14;

  private PauseImage() {}

  /** A docker archive with the image under the reference. */
  static byte[] archive(String reference) {
    byte[] layer = new TarArchive().file("pause", 0755, program()).bytes();
    String layerDigest = sha256(layer);
    byte[] config =
        """
        {"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z",\
        "config":{"Entrypoint":["/pause"],"User":"65535:65535"},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[]}"""
            .formatted(layerDigest)
            .getBytes(StandardCharsets.UTF_8);
    String manifest =
        """
        [{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s/layer.tar"]}]"""
            .formatted(sha256(config), reference, layerDigest);
    return new TarArchive()
        .file("manifest.json", 0644, manifest.getBytes(StandardCharsets.UTF_8))
        .file(sha256(config) + ".json", 0644, config)
        .file(layerDigest + "/layer.tar", 0644, layer)
        .bytes();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** An ELF executable for x86-64: one segment with code and data. */
  static byte[] program() {
    byte[] code = code();
    int size = HEADERS_BYTES + code.length;
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2).putShort((short) 62).putInt(1); // executable, x86-64, version
    elf.putLong(BASE + HEADERS_BYTES).putLong(64).putLong(0); // entry, program headers, sections
    elf.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
    elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE); // load, read and execute
    elf.putLong(size).putLong(size).putLong(0x1000);
    return elf.put(code).array();
  }

  /**
   * rt_sigaction(SIGCHLD, ignore) makes the kernel reap children; rt_sigprocmask blocks the stop
   * signals, which process 1 would not get by default; rt_sigtimedwait waits for one; exit_group.
   */
  private static byte[] code() {
    Assembler a = new Assembler();
    int dataAt = 104;
    a.call(13).bytes(0xbf).word(SIGCHLD).address(0x35, dataAt).bytes(0x31, 0xd2).syscall();
    a.call(14).bytes(0x31, 0xff).address(0x35, dataAt + 32).bytes(0x31, 0xd2).syscall();
    int again = a.size();
    a.call(128).address(0x3d, dataAt + 32).bytes(0x31, 0xf6, 0x31, 0xd2).syscall();
    a.bytes(0x85, 0xc0, 0x78, again - (a.size() + 4)); // test eax; js again
    a.bytes(0xb8).word(231).bytes(0x31, 0xff, 0x0f, 0x05);
    while (a.size() < dataAt) {
      a.bytes(0x90);
    }
    a.quad(1).quad(0).quad(0).quad(0).quad(STOP_SIGNALS); // struct sigaction with SIG_IGN; the set
    return a.out.toByteArray();
  }

  /** Bytes of machine code, in order. */
  private static final class Assembler {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    int size() {
      return out.size();
    }

    Assembler bytes(int... bytes) {
      for (int b : bytes) {
        out.write(b);
      }
      return this;
    }

    Assembler word(int value) {
      return bytes(value, value >> 8, value >> 16, value >> 24);
    }

    Assembler quad(long value) {
      return word((int) value).word((int) (value >> 32));
    }

    /** mov eax, number. */
    Assembler call(int number) {
      return bytes(0xb8).word(number);
    }

    /** lea rsi or rdi, [rip + distance to the data]. */
    Assembler address(int register, int target) {
      return bytes(0x48, 0x8d, register).word(target - (size() + 4));
    }

    /** mov r10d, 8 (the size of a signal set); syscall. */
    Assembler syscall() {
      return bytes(0x41, 0xba).word(8).bytes(0x0f, 0x05);
    }
  }
}
