package io.troupe.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import io.troupe.cli.audit.Difference;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe audit diff}: an object at two moments. */
@Command(name = "diff", description = "Compare an object at two moments.", mixinStandardHelpOptions = true)
public final class AuditDiff implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "kind/name", description = "The object.")
  private String target;

  @Mixin private ClusterOptions cluster;

  @Option(names = {"-n", "--namespace"}, description = "Its namespace (default: the kubeconfig's).")
  private String namespace;

  @Option(names = "--from", required = true, description = "A revision or an RFC 3339 time.")
  private String from;

  @Option(names = "--to", defaultValue = "", description = "A revision or an RFC 3339 time (default: now).")
  private String to;

  @Override
  public Integer call() throws StartFailure {
    try (Cluster open = cluster.open()) {
      Target object = Target.object(open, target, namespace);
      Optional<ObjectNode> before = open.past(object.type(), object.namespace(), object.name(), from);
      Optional<ObjectNode> after = to.isEmpty() ? present(open, object) : open.past(object.type(), object.namespace(), object.name(), to);
      if (before.isEmpty() && after.isEmpty()) {
        System.err.println("troupe: " + object + " existed at neither moment");
        return 1;
      }
      List<Difference> found = Difference.between(before.orElse(Json.object()), after.orElse(Json.object()));
      found.forEach(System.out::println);
      return 0;
    }
  }

  private static Optional<ObjectNode> present(Cluster open, Target object) {
    try {
      return Optional.of(open.client().get(object.type(), object.namespace(), object.name()));
    } catch (RefusedException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
