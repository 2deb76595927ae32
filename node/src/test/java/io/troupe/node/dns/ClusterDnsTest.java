package io.troupe.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class ClusterDnsTest {
  private static final Map<String, List<ObjectNode>> CLUSTER =
      Map.of(
          "namespaces",
          List.of(Json.parse("{\"metadata\":{\"name\":\"shop\"}}")),
          "services",
          List.of(
              Json.parse(
                  """
                  {"metadata":{"name":"web","namespace":"shop"},"spec":{"clusterIP":"10.96.0.20",
                   "clusterIPs":["10.96.0.20"],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}}"""),
              Json.parse(
                  """
                  {"metadata":{"name":"db","namespace":"shop"},"spec":{"clusterIP":"None","clusterIPs":["None"],
                   "ports":[{"name":"sql","port":5432,"protocol":"TCP"}]}}"""),
              Json.parse(
                  """
                  {"metadata":{"name":"out","namespace":"shop"},
                   "spec":{"type":"ExternalName","externalName":"web.shop.svc.cluster.local"}}""")),
          "endpointslices",
          List.of(
              Json.parse(
                  """
                  {"metadata":{"name":"db-1","namespace":"shop","labels":{"kubernetes.io/service-name":"db"}},
                   "addressType":"IPv4","ports":[{"name":"sql","port":5432,"protocol":"TCP"}],
                   "endpoints":[{"addresses":["10.244.0.7"],"hostname":"db-0","conditions":{"ready":true}},
                                {"addresses":["10.244.0.8"],"conditions":{"ready":false}}]}""")));

  private ClusterDns dns;
  private SimpleResolver resolver;

  @BeforeEach
  void start() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    dns = ClusterDns.start(new FixedView(), "cluster.local", loopback, 0, List.of());
    resolver = new SimpleResolver(loopback);
    resolver.setPort(dns.port());
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  private Message ask(String name, int type) throws IOException {
    return resolver.send(
        Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
  }

  private List<String> answers(String name, int type) throws IOException {
    return ask(name, type).getSection(Section.ANSWER).stream()
        .map(Record::rdataToString)
        .sorted()
        .toList();
  }

  @Test
  void shouldAnswerAServicesAddressOverUdpAndTcp() throws IOException {
    assertThat(answers("web.shop.svc.cluster.local.", Type.A)).containsExactly("10.96.0.20");
    resolver.setTCP(true);
    assertThat(answers("web.shop.svc.cluster.local.", Type.A)).containsExactly("10.96.0.20");
  }

  @Test
  void shouldAnswerNamedPorts() throws IOException {
    assertThat(answers("_http._tcp.web.shop.svc.cluster.local.", Type.SRV))
        .containsExactly("0 100 80 web.shop.svc.cluster.local.");
    assertThat(answers("_sql._tcp.db.shop.svc.cluster.local.", Type.SRV))
        .containsExactly("0 100 5432 db-0.db.shop.svc.cluster.local.");
  }

  @Test
  void shouldAnswerReadyEndpointsOfAHeadlessService() throws IOException {
    assertThat(answers("db.shop.svc.cluster.local.", Type.A)).containsExactly("10.244.0.7");
    assertThat(answers("db-0.db.shop.svc.cluster.local.", Type.A)).containsExactly("10.244.0.7");
  }

  @Test
  void shouldAnswerPointersAndPods() throws IOException {
    assertThat(answers("20.0.96.10.in-addr.arpa.", Type.PTR))
        .containsExactly("web.shop.svc.cluster.local.");
    assertThat(answers("7.0.244.10.in-addr.arpa.", Type.PTR))
        .containsExactly("db-0.db.shop.svc.cluster.local.");
    assertThat(answers("10-244-0-7.shop.pod.cluster.local.", Type.A)).containsExactly("10.244.0.7");
  }

  @Test
  void shouldFollowAnExternalName() throws IOException {
    assertThat(answers("out.shop.svc.cluster.local.", Type.A))
        .containsExactly("10.96.0.20", "web.shop.svc.cluster.local.");
  }

  @Test
  void shouldTellAnUnknownNameFromAnEmptyAnswer() throws IOException {
    assertThat(ask("none.shop.svc.cluster.local.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(ask("web.shop.svc.cluster.local.", Type.AAAA).getRcode()).isEqualTo(Rcode.NOERROR);
  }

  /** A cluster that does not change. */
  private static final class FixedView implements ClusterView {
    @Override
    public Optional<ObjectNode> find(Resource type, String namespace, String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ObjectNode> list(Resource type, String namespace) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<ObjectNode> ownedBy(Resource type, String namespace, String ownerUid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Subscription follow(Resource type, Consumer<ObjectChange> onChange) {
      CLUSTER
          .getOrDefault(type.plural(), List.of())
          .forEach(o -> onChange.accept(new ObjectChange(type, null, o)));
      return () -> {};
    }
  }
}
