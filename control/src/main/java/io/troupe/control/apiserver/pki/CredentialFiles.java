package io.troupe.control.apiserver.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Certificates and keys in a directory, as {@code <name>.crt} and {@code <name>.key}. */
final class CredentialFiles {
  private final Path directory;

  CredentialFiles(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + directory, e);
    }
  }

  Path path(String file) {
    return directory.resolve(file);
  }

  /** Empty when there is none; a damaged one is an error that names the file. */
  Optional<Credential> read(String name) {
    Path key = path(name + ".key");
    Path certificate = path(name + ".crt");
    if (!Files.exists(key) || !Files.exists(certificate)) {
      return Optional.empty();
    }
    try {
      var chain = Pem.certificates(Files.readString(certificate));
      if (chain.isEmpty()) {
        throw new GeneralSecurityException("no certificate");
      }
      return Optional.of(new Credential(Pem.key(Files.readString(key)), chain));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + certificate, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("damaged: " + certificate + ": " + e.getMessage(), e);
    }
  }

  void write(String name, Credential credential) {
    // The key last: a certificate alone is made anew, a key without its certificate never stands.
    write(name + ".crt", credential.certificatePem(), "rw-r--r--");
    write(name + ".key", credential.keyPem(), "rw-------");
  }

  /** Replaces the file in one step. */
  void write(String file, String text, String permissions) {
    write(path(file), text, permissions);
  }

  static void write(Path target, String text, String permissions) {
    try {
      Path parent = target.toAbsolutePath().getParent();
      Path draft =
          Files.createTempFile(
              parent,
              target.getFileName().toString(),
              ".new",
              PosixFilePermissions.asFileAttribute(
                  PosixFilePermissions.fromString("rw-------")));
      Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(permissions));
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + target, e);
    }
  }
}
