package io.troupe.control.kinds.pod;

import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volume mounts and raw block devices of a container. */
final class MountCheck {
  private MountCheck() {}

  static void check(At container, PodScope scope) {
    Map<String, String> devices = paths(container, "volumeDevices", "devicePath");
    Map<String, String> mounts = paths(container, "volumeMounts", "mountPath");
    Set<String> seen = new HashSet<>();
    container.each("volumeMounts", m -> mount(m, container, scope, devices, seen));
    container.each("volumeDevices", d -> device(d, scope, mounts));
    container.unique("volumeDevices", "name");
  }

  private static Map<String, String> paths(At container, String list, String path) {
    Map<String, String> paths = new HashMap<>();
    container.each(list, item -> paths.put(item.text("name"), item.text(path)));
    return paths;
  }

  private static void mount(
      At mount, At container, PodScope scope, Map<String, String> devices, Set<String> seen) {
    Errors errors = mount.errors();
    String name = mount.text("name");
    String path = mount.text("mountPath");
    mount.required("name");
    if (!scope.volumes().containsKey(name)) {
      errors.notFound(mount.at("name"), name);
    }
    mount.required("mountPath");
    if (!seen.add(path)) {
      errors.invalid(mount.at("mountPath"), path, "must be unique");
    }
    if (devices.containsKey(name)) {
      errors.invalid(mount.at("name"), name, "must not already exist in volumeDevices");
    }
    if (devices.containsValue(path)) {
      errors.invalid(
          mount.at("mountPath"), path, "must not already exist as a path in volumeDevices");
    }
    FieldPath list = container.at("volumeMounts");
    subPath(mount, list);
    propagation(mount, container, list);
    recursive(mount, list);
    mount.each(
        "bindMountOptions",
        o -> {
          if (!List.of("nodev", "noexec", "nosuid").contains(o.text())) {
            errors.notSupported(o.path(), o.text(), List.of("nodev", "noexec", "nosuid"));
          }
        });
  }

  private static void subPath(At mount, FieldPath list) {
    String subPath = mount.text("subPath");
    String expression = mount.text("subPathExpr");
    Paths.descending(subPath, list.child("subPath"), mount.errors());
    if (!expression.isEmpty()) {
      if (!subPath.isEmpty()) {
        mount.invalid("subPathExpr", "subPathExpr and subPath are mutually exclusive");
      }
      Paths.descending(expression, list.child("subPathExpr"), mount.errors());
    }
  }

  private static void propagation(At mount, At container, FieldPath list) {
    String mode = mount.text("mountPropagation");
    if (mode.isEmpty()) {
      return;
    }
    List<String> modes = List.of("Bidirectional", "HostToContainer", "None");
    FieldPath path = list.child("mountPropagation");
    if (!modes.contains(mode)) {
      mount.errors().notSupported(path, mode, modes);
    }
    if (mode.equals("Bidirectional") && !container.child("securityContext").flag("privileged")) {
      mount
          .errors()
          .forbidden(
              path, "Bidirectional mount propagation is available only to privileged containers");
    }
  }

  private static void recursive(At mount, FieldPath list) {
    FieldPath path = list.child("recursiveReadOnly");
    switch (mount.text("recursiveReadOnly")) {
      case "", "Disabled" -> {}
      case "Enabled", "IfPossible" -> {
        if (!mount.flag("readOnly")) {
          mount.errors().forbidden(path, "may only be specified when readOnly is true");
        }
        String mode = mount.text("mountPropagation");
        if (!mode.isEmpty() && !mode.equals("None")) {
          mount
              .errors()
              .forbidden(
                  path, "may only be specified when mountPropagation is None or not specified");
        }
      }
      default ->
          mount
              .errors()
              .notSupported(
                  path,
                  mount.text("recursiveReadOnly"),
                  List.of("Disabled", "Enabled", "IfPossible"));
    }
  }

  private static void device(At device, PodScope scope, Map<String, String> mounts) {
    Errors errors = device.errors();
    String name = device.text("name");
    String path = device.text("devicePath");
    device.required("name");
    var volume = scope.volumes().get(name);
    if (volume == null) {
      errors.notFound(device.at("name"), name);
    } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
      errors.invalid(
          device.at("name"),
          name,
          "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
    }
    device.required("devicePath");
    if (Paths.hasBackstep(path)) {
      errors.invalid(device.at("devicePath"), path, "can not contain backsteps ('..')");
    }
    if (mounts.containsKey(name)) {
      errors.invalid(device.at("name"), name, "must not already exist in volumeMounts");
    }
    if (mounts.containsValue(path)) {
      errors.invalid(
          device.at("devicePath"), path, "must not already exist as a path in volumeMounts");
    }
  }
}
