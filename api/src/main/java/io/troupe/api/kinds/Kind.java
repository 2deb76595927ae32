package io.troupe.api.kinds;

import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Resource;
import java.util.List;

/**
 * Everything that discovery and the request pipeline need to know of a kind in one version.
 *
 * @param resource how clients address it
 * @param stored under which type its objects are kept; differs from {@code resource.type()} only
 *     where two groups show the same objects ({@code events.k8s.io} and core events)
 * @param storedVersion apiVersion of the stored form, for example {@code autoscaling/v2} for {@code
 *     autoscaling/v1}
 * @param verbs as discovery lists them, sorted
 * @param schema the schema of the whole object, metadata included
 */
public record Kind(
    Resource resource,
    GroupResource stored,
    String storedVersion,
    String singular,
    List<String> shortNames,
    List<String> categories,
    List<String> verbs,
    List<Subresource> subresources,
    Schema schema) {

  /**
   * A subresource.
   *
   * @param name for example {@code status} or {@code ephemeralcontainers}
   * @param apiVersion of its bodies, for example {@code autoscaling/v1} for scale
   * @param kind of its bodies, for example {@code Scale}
   */
  public record Subresource(String name, String apiVersion, String kind, List<String> verbs) {}

  public boolean has(String subresource) {
    return subresources.stream().anyMatch(s -> s.name().equals(subresource));
  }
}
