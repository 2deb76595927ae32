package io.troupe.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.RefusedException;
import io.troupe.cli.StartFailure;
import io.troupe.cli.audit.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe audit restore}: writes the past back as an ordinary change, by the rules and rights of today. */
@Command(name = "restore", description = "Write an object back as it was.", mixinStandardHelpOptions = true)
public final class AuditRestore implements Callable<Integer> {
  /** What the server owns. */
  private static final List<String> SERVER_FIELDS =
      List.of("resourceVersion", "uid", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields");

  @Parameters(index = "0", paramLabel = "kind/name", description = "The object.")
  private String target;

  @Mixin private ClusterOptions cluster;

  @Option(names = {"-n", "--namespace"}, description = "Its namespace (default: the kubeconfig's).")
  private String namespace;

  @Option(names = "--at", required = true, description = "A revision or an RFC 3339 time.")
  private String at;

  @Override
  public Integer call() throws StartFailure {
    try (Cluster open = cluster.open()) {
      Target object = Target.object(open, target, namespace);
      Optional<ObjectNode> past = open.past(object.type(), object.namespace(), object.name(), at);
      if (past.isEmpty()) {
        System.err.println("troupe: " + object + " did not exist at " + at);
        return 1;
      }
      ObjectNode written = write(open, object, body(past.get()));
      System.out.printf("%s is again as at %s (now revision %d)%n", object, at, Meta.revision(written));
      return 0;
    }
  }

  private static ObjectNode body(ObjectNode past) {
    ObjectNode body = past.deepCopy();
    Json.ensure(body, "metadata").remove(SERVER_FIELDS);
    body.remove("status");
    return body;
  }

  /** The present revision is a precondition, so that a change of this moment is not lost. */
  private static ObjectNode write(Cluster open, Target object, ObjectNode body) {
    try {
      ObjectNode present = open.client().get(object.type(), object.namespace(), object.name());
      Json.ensure(body, "metadata").put("resourceVersion", Json.text(present, "metadata", "resourceVersion"));
      return open.client().update(object.type(), body);
    } catch (RefusedException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      return open.client().create(object.type(), body);
    }
  }
}
