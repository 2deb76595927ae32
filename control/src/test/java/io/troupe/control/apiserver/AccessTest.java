package io.troupe.control.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.Caller.Answer;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, over real HTTPS: RBAC, nodes, service accounts, impersonation, reviews. */
final class AccessTest {
  private static final String DEFAULT = "/api/v1/namespaces/default";
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";

  @TempDir static Path folder;
  private static TestApi api;
  private static Caller admin;
  private static Caller node;

  @BeforeAll
  static void start() throws Exception {
    api = TestApi.start(folder);
    admin = Caller.of(api, api.certificate("admin", Subject.client("jane", "system:masters")));
    node =
        Caller.of(api, api.certificate("node-a", Subject.client("system:node:a", "system:nodes")));
    create(DEFAULT + "/serviceaccounts", object("v1", "ServiceAccount", "default"));
    create("/api/v1/nodes", object("v1", "Node", "a"));
    create("/api/v1/nodes", object("v1", "Node", "b"));
    create(DEFAULT + "/secrets", object("v1", "Secret", "used"));
    create(DEFAULT + "/secrets", object("v1", "Secret", "other"));
    create(DEFAULT + "/pods", pod("on-a", "a", "used"));
    create(DEFAULT + "/pods", pod("on-b", "b", "other"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (api != null) {
      api.close();
    }
  }

  private static void create(String path, ObjectNode body) {
    Answer made = admin.post(path, body.toString());
    assertThat(made.code()).as(made.body()).isEqualTo(201);
  }

  private static ObjectNode object(String apiVersion, String kind, String name) {
    ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name);
    return object;
  }

  private static ObjectNode pod(String name, String nodeName, String secret) {
    ObjectNode pod = object("v1", "Pod", name);
    ObjectNode spec = pod.putObject("spec").put("nodeName", nodeName);
    ObjectNode container = spec.putArray("containers").addObject().put("name", "c");
    container.put("image", "i");
    ObjectNode from = container.putArray("envFrom").addObject();
    from.putObject("secretRef").put("name", secret);
    return pod;
  }

  /** What follows a change by way of the watch cache is there in a moment. */
  private static Answer eventually(int code, Supplier<Answer> call) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Answer last = call.get();
    while (last.code() != code && System.nanoTime() < end) {
      Thread.onSpinWait();
      last = call.get();
    }
    assertThat(last.code()).as(last.body()).isEqualTo(code);
    return last;
  }

  @Test
  void shouldEnforceRoles() {
    Caller reader = Caller.of(api, api.certificate("reader", Subject.client("reader")));
    assertThat(reader.get(DEFAULT + "/pods").code()).isEqualTo(403);
    ObjectNode role = object("rbac.authorization.k8s.io/v1", "Role", "pod-reader");
    ObjectNode rule = role.putArray("rules").addObject();
    rule.putArray("verbs").add("get").add("list");
    rule.putArray("apiGroups").add("");
    rule.putArray("resources").add("pods");
    create(RBAC + "/namespaces/default/roles", role);
    ObjectNode binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", "readers");
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "Role")
        .put("name", "pod-reader");
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "User")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("name", "reader");
    create(RBAC + "/namespaces/default/rolebindings", binding);
    eventually(200, () -> reader.get(DEFAULT + "/pods"));
    assertThat(reader.get("/api/v1/namespaces/kube-system/pods").code()).isEqualTo(403);
    assertThat(reader.get(DEFAULT + "/pods/on-a/log").code()).isEqualTo(403);
    assertThat(reader.delete(DEFAULT + "/pods/on-a").code()).isEqualTo(403);
    assertThat(admin.delete(RBAC + "/namespaces/default/rolebindings/readers").code())
        .isEqualTo(200);
    eventually(403, () -> reader.get(DEFAULT + "/pods"));
  }

  @Test
  void shouldLetNobodyGrantMoreThanTheyHave() {
    Caller keeper = Caller.of(api, api.certificate("keeper", Subject.client("keeper")));
    String bindings = RBAC + "/namespaces/default/rolebindings";
    create(bindings, binding("keepers", "system:aggregate-to-admin", "keeper"));
    create(bindings, binding("viewers", "system:aggregate-to-view", "keeper"));
    ObjectNode own = binding("view-for-mary", "system:aggregate-to-view", "mary");
    eventually(201, () -> keeper.post(bindings, own.toString()));
    Answer more =
        keeper.post(bindings, binding("everything", "cluster-admin", "keeper").toString());
    assertThat(more.code()).isEqualTo(403);
    assertThat(more.message())
        .contains("is attempting to grant RBAC permissions not currently held")
        .contains("{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}");
    ObjectNode role = object("rbac.authorization.k8s.io/v1", "Role", "r");
    ObjectNode rule = role.putArray("rules").addObject();
    rule.putArray("verbs").add("get");
    rule.putArray("apiGroups").add("");
    rule.putArray("resources").add("pods");
    String roles = RBAC + "/namespaces/default/roles";
    assertThat(keeper.post(roles, role.toString()).code()).isEqualTo(201);
    String patch = "[{\"op\":\"replace\",\"path\":\"/rules/0/resources/0\",\"value\":\"nodes\"}]";
    assertThat(keeper.patch(roles + "/r", "application/json-patch+json", patch).code())
        .isEqualTo(403);
    assertThat(admin.get(roles + "/r").body()).contains("\"pods\"").doesNotContain("\"nodes\"");
  }

  private static ObjectNode binding(String name, String clusterRole, String user) {
    ObjectNode binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", name);
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "ClusterRole")
        .put("name", clusterRole);
    binding
        .putArray("subjects")
        .addObject()
        .put("kind", "User")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("name", user);
    return binding;
  }

  @Test
  void shouldLetANodeReadOnlyWhatItsPodsNeed() {
    eventually(200, () -> node.get(DEFAULT + "/secrets/used"));
    Answer other = node.get(DEFAULT + "/secrets/other");
    assertThat(other.code()).isEqualTo(403);
    assertThat(other.message()).endsWith("no relationship found between node 'a' and this object");
    assertThat(node.get(DEFAULT + "/secrets").code()).isEqualTo(403);
    assertThat(node.get(DEFAULT + "/pods/on-a").code()).isEqualTo(200);
    assertThat(node.get(DEFAULT + "/pods/on-b").code()).isEqualTo(403);
    assertThat(node.get("/api/v1/pods").code()).isEqualTo(403);
    assertThat(node.get("/api/v1/pods?fieldSelector=spec.nodeName%3Db").code()).isEqualTo(403);
    assertThat(node.get("/api/v1/pods?fieldSelector=spec.nodeName%3Da").code()).isEqualTo(200);
    assertThat(node.delete(DEFAULT + "/configmaps/x").code()).isEqualTo(403);
  }

  @Test
  void shouldLetANodeWriteOnlyItsOwn() {
    String merge = "application/strategic-merge-patch+json";
    String status = "{\"status\":{\"message\":\"m\"}}";
    assertThat(node.patch(DEFAULT + "/pods/on-a/status", merge, status).code()).isEqualTo(200);
    Answer foreign = node.patch(DEFAULT + "/pods/on-b/status", merge, status);
    assertThat(foreign.code()).isEqualTo(403);
    assertThat(foreign.message())
        .contains("can only update pod status for pods with spec.nodeName set to itself");
    assertThat(node.delete(DEFAULT + "/pods/on-b").code()).isEqualTo(403);
    assertThat(node.post(DEFAULT + "/pods", pod("x", "a", "used").toString()).message())
        .contains("can only create mirror pods");
    String label = "{\"metadata\":{\"labels\":{\"%s\":\"v\"}}}";
    assertThat(node.patch("/api/v1/nodes/b", merge, label.formatted("x")).code()).isEqualTo(403);
    assertThat(node.patch("/api/v1/nodes/a", merge, label.formatted("x")).code()).isEqualTo(200);
    assertThat(
            node.patch("/api/v1/nodes/a", merge, label.formatted("node-role.kubernetes.io/x"))
                .message())
        .contains("is not allowed to modify labels: node-role.kubernetes.io/x");
    String taints = "{\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoSchedule\"}]}}";
    assertThat(node.patch("/api/v1/nodes/a", merge, taints).message())
        .contains("is not allowed to modify taints");
  }

  @Test
  void shouldIssueBoundTokensAndForgetThemWithThePod() {
    create(DEFAULT + "/pods", pod("short-lived", "a", "used"));
    ObjectNode pod = admin.get(DEFAULT + "/pods/short-lived").json();
    ObjectNode request = object("authentication.k8s.io/v1", "TokenRequest", "");
    ObjectNode bound = request.putObject("spec").putObject("boundObjectRef").put("kind", "Pod");
    bound.put("apiVersion", "v1").put("name", "short-lived").put("uid", Meta.uid(pod));
    String path = DEFAULT + "/serviceaccounts/default/token";
    Answer issued = eventually(201, () -> node.post(path, request.toString()));
    String token = Json.text(issued.json(), "status", "token");
    Caller account = Caller.anonymous(api).withToken(token);
    Answer self = account.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}");
    assertThat(Json.text(self.json(), "status", "userInfo", "username"))
        .isEqualTo("system:serviceaccount:default:default");
    assertThat(self.body()).contains("authentication.kubernetes.io/pod-name");
    bound.put("name", "on-b");
    bound.put("uid", Meta.uid(admin.get(DEFAULT + "/pods/on-b").json()));
    assertThat(node.post(path, request.toString()).message())
        .contains("bound to a pod scheduled on a different node");
    api.client.delete(
        Resources.PODS,
        "default",
        "short-lived",
        io.troupe.api.client.KubeClient.DeleteOptions.now(""));
    eventually(401, () -> account.get("/version"));
  }

  @Test
  void shouldImpersonateByPermission() {
    Answer as =
        admin.send(
            "POST",
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "Content-Type",
            "application/json",
            "Impersonate-User",
            "bob",
            "Impersonate-Group",
            "devs");
    assertThat(as.body()).contains("\"username\":\"bob\"").contains("devs");
    Answer refused = node.get("/version", "Impersonate-User", "bob");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message()).contains("cannot impersonate resource \"users\"");
  }

  @Test
  void shouldReviewAccess() {
    ObjectNode review = object("authorization.k8s.io/v1", "SubjectAccessReview", "").deepCopy();
    ObjectNode spec = review.putObject("spec").put("user", "system:node:a");
    spec.putArray("groups").add("system:nodes");
    spec.putObject("resourceAttributes")
        .put("namespace", "default")
        .put("verb", "get")
        .put("resource", "secrets")
        .put("name", "used");
    String path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    assertThat(admin.post(path, review.toString()).body()).contains("\"allowed\":true");
  }
}
