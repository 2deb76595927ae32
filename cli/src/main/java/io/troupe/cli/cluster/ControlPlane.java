package io.troupe.cli.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import io.troupe.api.codec.Protobuf;
import io.troupe.api.kinds.FactKinds;
import io.troupe.api.object.Resource;
import io.troupe.api.openapi.ModelDescriptions;
import io.troupe.api.openapi.OpenApi;
import io.troupe.cli.StartFailure;
import io.troupe.control.allocation.AllocatingDecider;
import io.troupe.control.allocation.AllocatingStore;
import io.troupe.control.allocation.AllocationRanges;
import io.troupe.control.allocation.LeakSweep;
import io.troupe.control.apiserver.ApiServer;
import io.troupe.control.apiserver.ApiServerSettings;
import io.troupe.control.apiserver.OpenApiDocuments;
import io.troupe.control.apiserver.http.Health;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.control.apiserver.pki.ClusterPki;
import io.troupe.control.apiserver.pki.KeyPairFile;
import io.troupe.control.bootstrap.KindRulesOf;
import io.troupe.control.bootstrap.SystemObjects;
import io.troupe.control.controllers.ControllerSettings;
import io.troupe.control.controllers.Controllers;
import io.troupe.control.controllers.node.NodeTimes;
import io.troupe.control.controllers.runtime.ControllerRuntime;
import io.troupe.control.controllers.runtime.ShardedControllers;
import io.troupe.control.controllers.runtime.Slices;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.control.kinds.Strategies;
import io.troupe.control.kinds.Tables;
import io.troupe.control.local.LocalKubeClient;
import io.troupe.control.scheduler.Schedulers;
import io.troupe.persistence.MemberSettings;
import io.troupe.persistence.Store;
import io.troupe.persistence.StoreSettings;
import io.troupe.persistence.journal.Database;
import io.troupe.persistence.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A control JVM: store, API server, controllers and scheduler, started in this order and stopped in reverse. */
public final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final int SLICES = 16;
  private static final int MAX_IN_FLIGHT = 3_000;
  private static final long SWEEP_MINUTES = 5;

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final ClusterPki pki;
  private final Path pkiFolder;
  private ApiServer api;
  private LocalKubeClient client;

  private ControlPlane(ClusterPki pki, Path pkiFolder) {
    this.pki = pki;
    this.pkiFolder = pkiFolder;
  }

  public ClusterPki pki() {
    return pki;
  }

  public int apiPort() {
    return api.port();
  }

  public LocalKubeClient client() {
    return client;
  }

  /**
   * Starts everything; nothing is left running when it fails.
   *
   * @throws StartFailure with the sentence for the user
   */
  public static ControlPlane start(DataDirectory data, Path pkiFolder, ClusterSettings settings)
      throws StartFailure {
    ClusterPki pki;
    try {
      pki = ClusterPki.open(pkiFolder, Clock.systemUTC()::instant);
    } catch (IOException e) {
      throw new StartFailure("the certificates in " + pkiFolder + " cannot be used: " + e.getMessage(), e);
    }
    ControlPlane plane = new ControlPlane(pki, pkiFolder);
    try {
      plane.startParts(data, settings);
      return plane;
    } catch (StartFailure | RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  private void startParts(DataDirectory data, ClusterSettings settings) throws StartFailure {
    CompletableFuture<Database> database = CompletableFuture.supplyAsync(() -> database(data, settings));
    CompletableFuture<FactKinds> facts = CompletableFuture.supplyAsync(FactKinds::new);
    MemberSettings member = member(settings);
    Config config = member.config();
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), MemberSettings.SYSTEM, config);
    Store store = openStore(system, database, facts, settings);
    FactKinds kinds = facts.join();
    AllocatingStore allocating =
        new AllocatingStore(
            store,
            AllocationRanges.of(ClusterSettings.SERVICE_CIDR, ClusterSettings.POD_CIDR, 24),
            new Random(),
            System::currentTimeMillis);
    client = LocalKubeClient.of(allocating, System::currentTimeMillis);
    api = startApi(settings, kinds, store, allocating);
    parts.add(api);
    SystemObjects objects = new SystemObjects(client, store.cache().view());
    objects.ensure(new SystemObjects.Addresses(ClusterSettings.API_SERVICE_IP, ClusterSettings.DNS_SERVICE_IP));
    publish(objects, system, settings);
    startControllers(system, kinds, store);
    parts.add(Schedulers.start(system, settings.zone(), client, store.cache().view()));
    sweepLeaks(system, allocating);
  }

  private Database database(DataDirectory data, ClusterSettings settings) {
    if (!settings.databaseUrl().isEmpty()) {
      return new Database(settings.databaseUrl(), settings.databaseUser(), settings.databasePassword());
    }
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(data.child("postgres"));
      parts.addFirst(postgres);
      return new Database(postgres.jdbcUrl(), postgres.user(), postgres.password());
    } catch (IOException e) {
      throw new CompletionException(
          new StartFailure("the embedded PostgreSQL did not start: " + e.getMessage(), e));
    }
  }

  private MemberSettings member(ClusterSettings settings) throws StartFailure {
    if (settings.memberPort() == 0) {
      return new MemberSettings("127.0.0.1", 0, List.of(), List.of("zone-" + settings.zone()), Optional.empty());
    }
    try {
      pki.certificate(
          "member-" + settings.zone(),
          new Subject("troupe-member", List.of(), List.of(settings.advertiseAddress()), true, true));
    } catch (IOException e) {
      throw new StartFailure("no member certificate: " + e.getMessage(), e);
    }
    MemberSettings.Tls tls =
        new MemberSettings.Tls(
            pkiFolder.resolve("member-" + settings.zone() + ".key"),
            pkiFolder.resolve("member-" + settings.zone() + ".crt"),
            pkiFolder.resolve("ca.crt"));
    return new MemberSettings(
        settings.advertiseAddress(),
        settings.memberPort(),
        settings.seeds(),
        List.of("zone-" + settings.zone()),
        Optional.of(tls));
  }

  private Store openStore(
      ActorSystem<Void> system,
      CompletableFuture<Database> database,
      CompletableFuture<FactKinds> facts,
      ClusterSettings settings)
      throws StartFailure {
    try {
      boolean sole = settings.memberPort() == 0 && settings.databaseUrl().isEmpty();
      StoreSettings storeSettings = StoreSettings.of(database.join(), sole);
      var decider = new AllocatingDecider(new KubernetesDecider(facts.join(), Strategies.builtIn()));
      Store store = Store.open(system, storeSettings, decider);
      parts.add(store);
      parts.add(() -> end(system));
      return store;
    } catch (SQLException e) {
      end(system);
      throw new StartFailure("the database cannot be used: " + e.getMessage(), e);
    } catch (CompletionException e) {
      end(system);
      throw e.getCause() instanceof StartFailure failure ? failure : new StartFailure(String.valueOf(e.getCause()), e);
    }
  }

  private static void end(ActorSystem<Void> system) {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(15, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.warn("the actor system did not end in time");
    }
  }

  private ApiServer startApi(ClusterSettings settings, FactKinds kinds, Store store, AllocatingStore allocating)
      throws StartFailure {
    Strategies strategies = Strategies.builtIn();
    KindRulesOf rules =
        new KindRulesOf(
            new KubernetesDecider(kinds, strategies), new Tables(strategies), new FieldSelectors(strategies));
    ApiServerSettings apiSettings =
        new ApiServerSettings(
            "0.0.0.0",
            settings.apiPort(),
            pki,
            () -> certificate("apiserver-" + settings.zone(), serving(settings)),
            () -> certificate("apiserver-kubelet-client-" + settings.zone(), Subject.client("kube-apiserver-kubelet-client", "system:masters")),
            ClusterSettings.ISSUER,
            MAX_IN_FLIGHT);
    Health health = new Health().with("log", () -> true).with("journal", store::isWritable);
    ApiServer.Parts served =
        new ApiServer.Parts(allocating, kinds, rules, protobuf(kinds), documents(kinds), health);
    try {
      return ApiServer.start(apiSettings, served);
    } catch (IOException e) {
      throw new StartFailure(
          "the API server cannot listen on port " + settings.apiPort() + ": " + e.getMessage() + "; choose another with --port", e);
    }
  }

  private KeyPairFile certificate(String file, Subject subject) {
    try {
      return pki.certificate(file, subject);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Subject serving(ClusterSettings settings) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + ClusterSettings.CLUSTER_DOMAIN,
                "localhost",
                "127.0.0.1",
                ClusterSettings.API_SERVICE_IP,
                settings.advertiseAddress()));
    names.addAll(settings.certificateNames());
    return new Subject("kube-apiserver", List.of(), names.stream().distinct().toList(), true, false);
  }

  private static io.troupe.control.apiserver.rest.Protobuf protobuf(FactKinds kinds) {
    Protobuf codec = new Protobuf(kinds::body);
    return new io.troupe.control.apiserver.rest.Protobuf() {
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

  private static OpenApiDocuments documents(FactKinds kinds) {
    OpenApi openApi = new OpenApi(kinds, new ModelDescriptions(), "v1.37.2");
    return new OpenApiDocuments() {
      @Override
      public byte[] v2() {
        return openApi.swagger().json();
      }

      @Override
      public byte[] v3Index() {
        return openApi.index().json();
      }

      @Override
      public Optional<byte[]> v3(String path) {
        return openApi.group(path).map(OpenApi.Document::json);
      }
    };
  }

  private static void publish(SystemObjects objects, ActorSystem<Void> system, ClusterSettings settings) {
    if (settings.memberPort() == 0) {
      objects.publishApiServers(List.of(settings.advertiseAddress()), settings.apiPort());
      return;
    }
    // Each live member serves the API at its own address, so membership is the list of endpoints.
    Thread.ofVirtual().name("api-endpoints").start(() -> ApiEndpoints.follow(objects, system, settings.apiPort()));
  }

  private void startControllers(ActorSystem<Void> system, FactKinds kinds, Store store) {
    List<Resource> served =
        kinds.all().stream()
            .filter(k -> k.verbs().contains("watch") && k.verbs().contains("delete"))
            .filter(k -> k.stored().equals(k.resource().type()) && k.storedVersion().equals(k.resource().apiVersion()))
            .map(k -> k.resource())
            .sorted(Comparator.comparing(Resource::plural))
            .toList();
    ControllerSettings settings =
        new ControllerSettings(
            () -> served, pki::authorityPem, new RequestSigner(pki.authority()), NodeTimes.DEFAULT);
    ControllerRuntime runtime =
        new ControllerRuntime(
            Controllers.all(settings), store.cache().view(), client, new Slices(SLICES), Clock.systemUTC());
    runtime.start();
    parts.add(runtime);
    ShardedControllers.start(
        system, runtime, () -> store.latestRevision().thenCompose(store.cache()::reached));
  }

  private static void sweepLeaks(ActorSystem<Void> system, AllocatingStore store) {
    LeakSweep sweep = new LeakSweep(store);
    java.time.Duration interval = java.time.Duration.ofMinutes(SWEEP_MINUTES);
    system
        .scheduler()
        .scheduleAtFixedRate(
            interval,
            interval,
            () -> Thread.startVirtualThread(() -> sweep.run(System.currentTimeMillis())),
            system.executionContext());
  }

  /** Stops everything; pods go on running. */
  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("closing {}: {}", part.getClass().getSimpleName(), e.getMessage());
      }
    }
    parts.clear();
  }
}
