package io.troupe.api.client.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One context of a kubeconfig file.
 *
 * @param namespace the context's, {@code default} when it names none
 */
public record Kubeconfig(ApiServer server, Credentials credentials, String namespace) {

  /** Why a file cannot be used, in one line. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /** Reads the current context; files that it names are relative to its folder. */
  public static Kubeconfig read(Path file) throws IOException, Unusable {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    return new Reader(file, root).read();
  }

  private record Reader(Path file, Object root) {

    Kubeconfig read() throws IOException, Unusable {
      Object context = named("contexts", text(root, "current-context"), "context");
      Object cluster = named("clusters", text(context, "cluster"), "cluster");
      Object user = named("users", text(context, "user"), "user");
      if (field(user, "exec") != null || field(user, "auth-provider") != null) {
        throw new Unusable(
            file + ": logins by plugin are not supported; use a certificate or token");
      }
      if (Boolean.TRUE.equals(field(cluster, "insecure-skip-tls-verify"))) {
        throw new Unusable(
            file + ": insecure-skip-tls-verify is not supported; name the authority");
      }
      String base = text(cluster, "server").replaceAll("/+$", "");
      String namespace = text(context, "namespace");
      return new Kubeconfig(
          new ApiServer(URI.create(base), material(cluster, "certificate-authority")),
          new Credentials(
              material(user, "client-certificate"), material(user, "client-key"), token(user)),
          namespace.isEmpty() ? "default" : namespace);
    }

    private Object named(String list, String name, String what) throws Unusable {
      if (field(root, list) instanceof List<?> entries) {
        for (Object entry : entries) {
          if (text(entry, "name").equals(name) && field(entry, what) != null) {
            return field(entry, what);
          }
        }
      }
      throw new Unusable(file + ": no " + what + " named \"" + name + "\"");
    }

    private String token(Object user) throws IOException {
      String path = text(user, "tokenFile");
      return path.isEmpty() ? text(user, "token") : content(path).strip();
    }

    /** PEM text: inline data wins over a file, as in client-go. */
    private String material(Object entry, String name) throws IOException {
      String data = text(entry, name + "-data");
      if (!data.isEmpty()) {
        return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
      }
      String path = text(entry, name);
      return path.isEmpty() ? "" : content(path);
    }

    private String content(String path) throws IOException {
      return Files.readString(file.toAbsolutePath().resolveSibling(path));
    }

    private static Object field(Object entry, String name) {
      return entry instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static String text(Object entry, String name) {
      return field(entry, name) instanceof String text ? text : "";
    }
  }
}
