package io.troupe.control.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.persistence.store.Decision;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong objects and what is said of them: the first cause, as reason, field and message. */
class ValidationTest {
  private static final String WORKLOAD =
      "'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
          + "'spec':{'containers':[{'name':'c','image':'i'}]}}%s}";

  private static Arguments of(String version, String kind, String fields, String expected) {
    return Arguments.of(version, kind, fields, expected);
  }

  private static Arguments pod(String container, String spec, String expected) {
    return of(
        "v1",
        "Pod",
        "'spec':{'containers':[{'name':'c','image':'i'" + container + "}]" + spec + "}",
        expected);
  }

  static Stream<Arguments> wrongObjects() {
    return Stream.of(
        pod(
            ",'ports':[{'containerPort':70000}]",
            "",
            "FieldValueInvalid spec.containers[0].ports[0].containerPort: Invalid value: 70000: must"
                + " be between 1 and 65535, inclusive"),
        pod(
            ",'imagePullPolicy':'Never!'",
            "",
            "FieldValueNotSupported spec.containers[0].imagePullPolicy: Unsupported value:"
                + " \"Never!\": supported values: \"Always\", \"IfNotPresent\", \"Never\""),
        pod(
            ",'volumeMounts':[{'name':'v','mountPath':'/x'}]",
            "",
            "FieldValueNotFound spec.containers[0].volumeMounts[0].name: Not found: \"v\""),
        pod(
            ",'resources':{'requests':{'cpu':'2'},'limits':{'cpu':'1'}}",
            "",
            "FieldValueInvalid spec.containers[0].resources.requests: Invalid value: \"2\": must be"
                + " less than or equal to cpu limit of 1"),
        pod(
            ",'livenessProbe':{'exec':{'command':['x']},'httpGet':{'port':1}}",
            "",
            "FieldValueForbidden spec.containers[0].livenessProbe.httpGet: Forbidden: may not"
                + " specify more than 1 handler type"),
        pod(
            ",'env':[{'name':'A','value':'x','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}]",
            "",
            "FieldValueInvalid spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be"
                + " specified when `value` is not empty"),
        pod(
            "",
            ",'tolerations':[{'key':'k','operator':'Exists','value':'v'}]",
            "FieldValueInvalid spec.tolerations[0].operator: Invalid value: \"v\": value must be"
                + " empty when `operator` is 'Exists'"),
        pod(
            "",
            ",'volumes':[{'name':'v','secret':{'secretName':'s'},'emptyDir':{}}]",
            "FieldValueForbidden spec.volumes[0].emptyDir: Forbidden: may not specify more than 1"
                + " volume type"),
        pod(
            "",
            ",'ephemeralContainers':[{'name':'e','image':'i'}]",
            "FieldValueForbidden spec.ephemeralContainers: Forbidden: cannot be set on create"),
        of(
            "apps/v1",
            "Deployment",
            WORKLOAD.replace("{'a':'b'}},'spec'", "{'a':'c'}},'spec'").formatted(""),
            "FieldValueInvalid spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}:"
                + " `selector` does not match template `labels`"),
        of(
            "apps/v1",
            "Deployment",
            WORKLOAD.formatted(",'replicas':-1"),
            "FieldValueInvalid spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        of(
            "apps/v1",
            "Deployment",
            WORKLOAD.formatted(",'strategy':{'rollingUpdate':{'maxSurge':0,'maxUnavailable':0}}"),
            "FieldValueInvalid spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not"
                + " be 0 when `maxSurge` is 0"),
        of(
            "v1",
            "Service",
            "'spec':{'ports':[{'port':80},{'port':81,'name':'b'}]}",
            "FieldValueRequired spec.ports[0].name: Required value"),
        of(
            "v1",
            "Service",
            "'spec':{'type':'ExternalName'}",
            "FieldValueRequired spec.externalName: Required value"),
        of(
            "v1",
            "Secret",
            "'type':'kubernetes.io/tls','data':{}",
            "FieldValueRequired data[tls.crt]: Required value"),
        of(
            "batch/v1",
            "Job",
            "'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}",
            "FieldValueRequired spec.template.spec.restartPolicy: Required value: valid values:"
                + " \"OnFailure\", \"Never\""),
        of(
            "batch/v1",
            "CronJob",
            "'spec':{'schedule':'* * *','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'Never',"
                + "'containers':[{'name':'c','image':'i'}]}}}}}",
            "FieldValueInvalid spec.schedule: Invalid value: \"* * *\": expected exactly 5 fields,"
                + " found 3: [* * *]"),
        of(
            "networking.k8s.io/v1",
            "Ingress",
            "'spec':{'rules':[{'http':{'paths':[{'path':'/','backend':{'service':{'name':'s','port':{'number':1}}}}]}}]}",
            "FieldValueRequired spec.rules[0].http.paths[0].pathType: Required value: pathType must"
                + " be specified"),
        of(
            "policy/v1",
            "PodDisruptionBudget",
            "'spec':{'minAvailable':'200%'}",
            "FieldValueInvalid spec.minAvailable: Invalid value: \"200%\": must not be greater than"
                + " 100%"),
        of(
            "v1",
            "PersistentVolumeClaim",
            "'spec':{'resources':{'requests':{'storage':'1Gi'}}}",
            "FieldValueRequired spec.accessModes: Required value: at least 1 access mode is"
                + " required"),
        of(
            "rbac.authorization.k8s.io/v1",
            "Role",
            "'rules':[{'verbs':['get'],'resources':['pods']}]",
            "FieldValueRequired rules[0].apiGroups: Required value: resource rules must supply at"
                + " least one api group"),
        of(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            "'addressType':'IPv4','endpoints':[{'addresses':['127.0.0.1']}]",
            "FieldValueInvalid endpoints[0].addresses[0]: Invalid value: \"127.0.0.1\": may not be"
                + " in the loopback range (127.0.0.0/8, ::1/128)"));
  }

  @ParameterizedTest
  @MethodSource("wrongObjects")
  void shouldNameTheFirstProblem(String version, String kind, String fields, String expected) {
    Decision decision =
        new Bench(version, kind, "x").create("{'metadata':{'name':'x'}," + fields + "}");
    assertThat(Bench.refusal(decision).causes())
        .extracting(c -> c.reason() + " " + c.field() + ": " + c.message())
        .contains(expected);
  }

  static Stream<Arguments> wrongChanges() {
    String deployment = WORKLOAD.formatted("");
    String statefulSet =
        deployment.replace("'spec':{'selector'", "'spec':{'serviceName':'s','selector'");
    return Stream.of(
        Arguments.of(
            "apps/v1",
            "Deployment",
            deployment,
            "{'spec':{'selector':{'matchLabels':{'c':'d'}},'template':{'metadata':{'labels':{'c':'d'}}}}}",
            "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\",\"c\":\"d\"}}: field is immutable"),
        Arguments.of(
            "apps/v1",
            "StatefulSet",
            statefulSet,
            "{'spec':{'serviceName':'t'}}",
            "spec.serviceName: Invalid value: \"t\": field is immutable"),
        Arguments.of(
            "v1",
            "Service",
            "'spec':{'clusterIP':'10.0.0.1','ports':[{'port':80}]}",
            "{'spec':{'clusterIP':'10.0.0.2'}}",
            "spec.clusterIPs[0]: Invalid value: [\"10.0.0.2\"]: may not change once set"),
        Arguments.of(
            "v1",
            "Secret",
            "'data':{}",
            "{'type':'other'}",
            "type: Invalid value: \"other\": field is immutable"),
        Arguments.of(
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            "'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'r'}",
            "{'roleRef':{'name':'q'}}",
            "roleRef: Invalid value: {\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"q\"}:"
                + " cannot change roleRef"));
  }

  @ParameterizedTest
  @MethodSource("wrongChanges")
  void shouldRefuseToChangeWhatIsFixed(
      String version, String kind, String fields, String patch, String expected) {
    Bench bench = new Bench(version, kind, "x");
    bench.created("{'metadata':{'name':'x'}," + fields + "}");
    assertThat(Bench.refusal(bench.merge("", patch)).causes())
        .extracting(c -> c.field() + ": " + c.message())
        .contains(expected);
  }
}
