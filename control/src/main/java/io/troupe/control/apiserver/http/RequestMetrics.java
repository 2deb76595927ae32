package io.troupe.control.apiserver.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times requests under upstream's metric names; meters are looked up once per kind of
 * request.
 */
public final class RequestMetrics {
  private static final double[] SECONDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 10, 30, 60
  };

  private record Key(
      String verb, String group, String version, String resource, String subresource, int code) {}

  private record Meters(Counter total, DistributionSummary duration) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Key, Meters> meters = new ConcurrentHashMap<>();

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  void answered(RequestInfo info, int code, long startMillis) {
    Key key =
        new Key(
            info.verb(), info.group(), info.version(), info.resource(), info.subresource(), code);
    Meters found = meters.computeIfAbsent(key, this::register);
    found.total().increment();
    found.duration().record((System.currentTimeMillis() - startMillis) / 1_000.0);
  }

  private Meters register(Key key) {
    String verb = key.verb().toUpperCase(java.util.Locale.ROOT);
    String[] tags = {
      "verb",
      verb,
      "group",
      key.group(),
      "version",
      key.version(),
      "resource",
      key.resource(),
      "subresource",
      key.subresource()
    };
    Counter total =
        Counter.builder("apiserver_request")
            .tags(tags)
            .tag("code", Integer.toString(key.code()))
            .register(registry);
    DistributionSummary duration =
        DistributionSummary.builder("apiserver_request_duration_seconds")
            .tags(tags)
            .serviceLevelObjectives(SECONDS)
            .register(registry);
    return new Meters(total, duration);
  }
}
