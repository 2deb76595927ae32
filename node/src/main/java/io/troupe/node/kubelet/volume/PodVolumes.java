package io.troupe.node.kubelet.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.node.kubelet.container.Amounts;
import io.troupe.node.kubelet.container.DownwardApi;
import io.troupe.node.kubelet.container.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Sets up, refreshes and removes the volumes of pods below the kubelet's directory. */
public final class PodVolumes {
  private static final Set<String> PROJECTED =
      Set.of("configMap", "secret", "downwardAPI", "projected");

  private final Path podsDir;
  private final KubeClient client;
  private final Sources sources;
  private final TokenSource tokens;

  public PodVolumes(Path podsDir, KubeClient client, Sources sources, Clock clock) {
    this.podsDir = podsDir;
    this.client = client;
    this.sources = sources;
    this.tokens = new TokenSource(client, clock);
  }

  public Path podDir(String podUid) {
    return podsDir.resolve(podUid);
  }

  /**
   * Makes all volumes of a pod, or brings them up to date.
   *
   * @throws MountProblem for the first that cannot be made
   */
  public Map<String, MountedVolume> prepare(JsonNode pod, DownwardApi downward) {
    Map<String, MountedVolume> mounted = new LinkedHashMap<>();
    for (JsonNode volume : Json.items(pod, "spec", "volumes")) {
      String name = Json.text(volume, "name");
      try {
        mounted.put(name, prepare(pod, volume, downward));
      } catch (IOException e) {
        throw problem(name, e.toString());
      } catch (RefusedException e) {
        throw problem(name, e.refusal().message());
      } catch (MountProblem e) {
        throw problem(name, e.getMessage());
      }
    }
    return mounted;
  }

  private static MountProblem problem(String volume, String why) {
    return new MountProblem("MountVolume.SetUp failed for volume \"" + volume + "\" : " + why);
  }

  private MountedVolume prepare(JsonNode pod, JsonNode volume, DownwardApi downward)
      throws IOException {
    String name = Json.text(volume, "name");
    for (var field : volume.properties()) {
      String kind = field.getKey();
      JsonNode source = field.getValue();
      if (PROJECTED.contains(kind)) {
        return new MountedVolume(name, projected(pod, name, kind, source, downward), true);
      }
      switch (kind) {
        case "name" -> {
          // Not a kind of volume.
        }
        case "emptyDir" -> {
          return new MountedVolume(name, emptyDir(pod, name, source), false);
        }
        case "hostPath" -> {
          return new MountedVolume(name, HostPaths.check(source), false);
        }
        case "persistentVolumeClaim" -> {
          return claim(pod, name, Json.text(source, "claimName"), source);
        }
        case "ephemeral" -> {
          return claim(pod, name, Meta.name(pod) + "-" + name, source);
        }
        default ->
            throw new MountProblem(
                "volumes of kind " + kind + " are not supported by this version of Troupe");
      }
    }
    return new MountedVolume(name, emptyDir(pod, name, Json.object()), false);
  }

  private Path volumeDir(JsonNode pod, String plugin, String name) throws IOException {
    return Files.createDirectories(
        podDir(Meta.uid(pod)).resolve("volumes").resolve("kubernetes.io~" + plugin).resolve(name));
  }

  private static long fsGroup(JsonNode pod) {
    return Json.number(pod, -1, "spec", "securityContext", "fsGroup");
  }

  private Path emptyDir(JsonNode pod, String name, JsonNode source) throws IOException {
    Path dir = volumeDir(pod, "empty-dir", name);
    Path ready = podDir(Meta.uid(pod)).resolve("plugins/empty-dir").resolve(name).resolve("ready");
    if (Files.exists(ready)) {
      return dir;
    }
    if (Json.text(source, "medium").equals("Memory") && !Mounts.isMountPoint(dir)) {
      Mounts.tmpfs(dir, Amounts.units(Amounts.parse(Json.at(source, "sizeLimit"))));
    } else if (Json.text(source, "medium").startsWith("HugePages")) {
      throw new MountProblem("huge pages are not supported by this version of Troupe");
    }
    Files.setAttribute(dir, "unix:mode", 0777);
    if (fsGroup(pod) >= 0) {
      Files.setAttribute(dir, "unix:gid", (int) fsGroup(pod));
      Files.setAttribute(dir, "unix:mode", 02777);
    }
    Files.createDirectories(ready.getParent());
    Files.writeString(ready, "");
    return dir;
  }

  private Path projected(
      JsonNode pod, String name, String kind, JsonNode source, DownwardApi downward)
      throws IOException {
    String plugin =
        switch (kind) {
          case "configMap" -> "configmap";
          case "downwardAPI" -> "downward-api";
          default -> kind;
        };
    Projection projection = new Projection(pod, sources, downward, tokens);
    projection.volume(kind, source);
    Path dir = volumeDir(pod, plugin, name);
    boolean secretive = kind.equals("secret") || kind.equals("projected");
    if (!Files.isSymbolicLink(dir.resolve("..data"))) {
      if (secretive && !Mounts.isMountPoint(dir)) {
        // Secrets must never reach a disk.
        Mounts.tmpfs(dir, 0);
      }
      Files.setAttribute(dir, "unix:mode", fsGroup(pod) >= 0 ? 02777 : 0777);
      if (fsGroup(pod) >= 0) {
        Files.setAttribute(dir, "unix:gid", (int) fsGroup(pod));
      }
    }
    new AtomicWriter(dir).write(projection.files(), fsGroup(pod));
    return dir;
  }

  private MountedVolume claim(JsonNode pod, String name, String claimName, JsonNode source)
      throws IOException {
    ObjectNode claim = get(Resources.PERSISTENT_VOLUME_CLAIMS, Meta.namespace(pod), claimName);
    String volumeName = Json.text(claim, "spec", "volumeName");
    if (!Json.text(claim, "status", "phase").equals("Bound") || volumeName.isEmpty()) {
      throw new MountProblem("PVC " + Meta.namespace(pod) + "/" + claimName + " is not bound");
    }
    ObjectNode volume = get(Resources.PERSISTENT_VOLUMES, "", volumeName);
    boolean readOnly = Json.flag(source, false, "readOnly");
    if (Json.at(volume, "spec", "hostPath").isObject()) {
      return new MountedVolume(
          name, HostPaths.check(Json.at(volume, "spec", "hostPath")), readOnly);
    }
    if (Json.at(volume, "spec", "local").isObject()) {
      Path path = Path.of(Json.text(volume, "spec", "local", "path"));
      if (!Files.exists(path)) {
        throw new MountProblem("path \"" + path + "\" does not exist");
      }
      return new MountedVolume(name, path, readOnly);
    }
    throw new MountProblem(
        "persistent volume \""
            + volumeName
            + "\" is of a kind that this version of Troupe cannot mount");
  }

  private ObjectNode get(Resource type, String namespace, String name) {
    return client.get(type, namespace, name);
  }

  /** Unmounts and deletes all that a pod had. Contents of hostPath and claims are not touched. */
  public void remove(String podUid) {
    Path dir = podDir(podUid);
    tokens.forget(podUid);
    try {
      Mounts.below(dir.toAbsolutePath()).forEach(Mounts::unmount);
      AtomicWriter.deleteTree(dir);
    } catch (IOException e) {
      throw new MountProblem("cannot remove " + dir + ": " + e);
    }
  }
}
