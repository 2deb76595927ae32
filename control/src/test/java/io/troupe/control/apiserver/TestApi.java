package io.troupe.control.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.FactKinds;
import io.troupe.control.allocation.AllocatingDecider;
import io.troupe.control.allocation.AllocatingStore;
import io.troupe.control.allocation.AllocationRanges;
import io.troupe.control.apiserver.http.Health;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.control.apiserver.pki.ClusterPki;
import io.troupe.control.apiserver.pki.KeyPairFile;
import io.troupe.control.apiserver.rest.Protobuf;
import io.troupe.control.bootstrap.KindRulesOf;
import io.troupe.control.bootstrap.SystemObjects;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.control.kinds.Strategies;
import io.troupe.control.kinds.Tables;
import io.troupe.control.local.LocalKubeClient;
import io.troupe.persistence.MemberSettings;
import io.troupe.persistence.Store;
import io.troupe.persistence.StoreSettings;
import io.troupe.persistence.journal.Database;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An API server on a real store in a real PostgreSQL, without controllers, on a free port. */
public final class TestApi implements AutoCloseable {
  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  final EmbeddedPostgres postgres;
  final ActorSystem<Void> system;
  final Store store;
  final ClusterPki pki;
  final ApiServer server;
  final LocalKubeClient client;

  private TestApi(Path folder, int port) throws Exception {
    // PostgreSQL runs as an unprivileged user, who must be able to enter.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    postgres = EmbeddedPostgres.start(folder.resolve("postgres"));
    system =
        ActorSystem.create(
            Behaviors.empty(), MemberSettings.SYSTEM, MemberSettings.alone().config());
    Database database = new Database(postgres.jdbcUrl(), postgres.user(), postgres.password());
    FactKinds kinds = new FactKinds();
    Strategies strategies = Strategies.builtIn();
    KubernetesDecider decider = new KubernetesDecider(kinds, strategies);
    store = Store.open(system, StoreSettings.of(database, true), new AllocatingDecider(decider));
    AllocatingStore allocating =
        new AllocatingStore(
            store,
            AllocationRanges.of("10.96.0.0/16", "10.244.0.0/16", 24),
            new Random(),
            System::currentTimeMillis);
    client = LocalKubeClient.of(allocating, System::currentTimeMillis);
    pki = ClusterPki.open(folder.resolve("pki"), Instant::now);
    new SystemObjects(client, store.cache().view())
        .ensure(new SystemObjects.Addresses("10.96.0.1", ""));
    KindRulesOf rules =
        new KindRulesOf(decider, new Tables(strategies), new FieldSelectors(strategies));
    Subject serving =
        new Subject("kube-apiserver", List.of(), List.of("localhost", "127.0.0.1"), true, false);
    server =
        ApiServer.start(
            new ApiServerSettings(
                "127.0.0.1",
                port,
                pki,
                () -> certificate("apiserver", serving),
                () -> certificate("kubelet-client", Subject.client("apiserver", "system:masters")),
                ISSUER,
                3_000),
            new ApiServer.Parts(
                allocating,
                kinds,
                rules,
                protobuf(kinds),
                noDocuments(),
                new Health().with("journal", store::isWritable)));
  }

  static TestApi start(Path folder) throws Exception {
    return new TestApi(folder, 0);
  }

  /** Serves until it is killed; arguments: folder, port. Writes {@code admin.conf} there. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    TestApi api = new TestApi(folder, Integer.parseInt(args[1]));
    KeyPairFile admin =
        api.certificate("admin", Subject.client("kubernetes-admin", "system:masters"));
    ClusterPki.writePrivate(
        folder.resolve("admin.conf"), api.pki.kubeconfig(api.url(), "kubernetes-admin", admin));
    System.out.println("serving on " + api.url());
    Thread.currentThread().join();
  }

  String url() {
    return "https://127.0.0.1:" + server.port();
  }

  KeyPairFile certificate(String file, Subject subject) {
    try {
      return pki.certificate(file, subject);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Protobuf protobuf(FactKinds kinds) {
    var codec = new io.troupe.api.codec.Protobuf(kinds::body);
    return new Protobuf() {
      @Override
      public byte[] encode(ObjectNode object) {
        return codec.encode(object);
      }

      @Override
      public ObjectNode decode(byte[] body) {
        return codec.decode(body, "", "");
      }
    };
  }

  private static OpenApiDocuments noDocuments() {
    return new OpenApiDocuments() {
      @Override
      public byte[] v2() {
        return new byte[0];
      }

      @Override
      public byte[] v3Index() {
        return new byte[0];
      }

      @Override
      public Optional<byte[]> v3(String path) {
        return Optional.empty();
      }
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    store.close();
    postgres.close();
  }
}
