package io.troupe.api.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.object.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {
  private static final FactKinds KINDS = new FactKinds();

  private static Decoded decode(String apiVersion, String kind, String json) {
    Schema schema = KINDS.byKind(apiVersion, kind).orElseThrow().schema();
    return BodyDecoder.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), schema);
  }

  private static Decoded deployment(String spec) {
    return decode(
        "apps/v1",
        "Deployment",
        "{'kind':'Deployment','apiVersion':'apps/v1','spec':" + spec + "}");
  }

  private static Decoded pod(String spec) {
    return decode("v1", "Pod", "{'kind':'Pod','apiVersion':'v1','spec':" + spec + "}");
  }

  private static String podSpec(String spec) {
    Decoded decoded = pod(spec);
    assertThat(decoded.fault()).isEmpty();
    return decoded.object().get("spec").toString().replace('"', '\'');
  }

  @Test
  void shouldRefuseAWrongTypeAsUpstreamDoes() {
    Decoded decoded = deployment("{'replicas':'three'}");
    assertThat(decoded.refusal(FieldValidation.IGNORE, "Deployment", "v1", new byte[0]))
        .hasValueSatisfying(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(400);
              assertThat(refusal.message())
                  .isEqualTo(
                      "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot"
                          + " unmarshal string into Go struct field DeploymentSpec.spec.replicas of"
                          + " type int32");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'containers':{}} | object into Go struct field PodSpec.spec.containers of type"
            + " []v1.Container",
        "{'containers':[{'name':5}]} | number into Go struct field Container.spec.containers.name"
            + " of type string",
        "{'containers':['x']} | string into Go struct field PodSpec.spec.containers of type"
            + " v1.Container",
        "{'containers':[{'ports':[{'protocol':1}]}]} | number into Go struct field"
            + " ContainerPort.spec.containers.ports.protocol of type v1.Protocol",
        "{'hostNetwork':'yes'} | string into Go struct field PodSpec.spec.hostNetwork of type bool",
        "{'priority':1.5} | number 1.5 into Go struct field PodSpec.spec.priority of type int32",
        "{'priority':99999999999} | number 99999999999 into Go struct field PodSpec.spec.priority"
            + " of type int32",
        "{'volumes':[{'emptyDir':[]}]} | array into Go struct field"
            + " Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource",
        "{'containers':[{'resources':{'limits':'x'}}]} | string into Go struct field"
            + " ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
        "{'nodeSelector':{'a':true}} | bool into Go struct field PodSpec.spec.nodeSelector of type"
            + " string",
      })
  void shouldNameTheGoTypeOfAWrongValue(String spec, String message) {
    assertThat(pod(spec).fault()).isEqualTo("json: cannot unmarshal " + message);
  }

  @Test
  void shouldTellTheFirstOfManyFaultsAndTheKindEvenWhenItComesLast() {
    Decoded decoded =
        decode(
            "v1",
            "Pod",
            "{'spec':{'containers':[{'resources':{'limits':{'cpu':'x'}}}]},'kind':'Pod'}");
    assertThat(decoded.fault()).startsWith("quantities must match the regular expression");
    assertThat(decoded.kind()).isEqualTo("Pod");
    assertThat(pod("{'hostIPC':1,'hostPID':2}").fault()).contains("hostIPC");
  }

  @Test
  void shouldReportUnknownAndDuplicateFields() {
    Decoded decoded =
        pod(
            "{'foo':1,'containers':[{'name':'a','bar':{}},{'name':'b','name':'c'}],"
                + "'nodeSelector':{'x':'1','x':'2'}}");
    assertThat(decoded.strictErrors())
        .containsExactly(
            "unknown field \"spec.foo\"",
            "unknown field \"spec.containers[0].bar\"",
            "duplicate field \"spec.containers[1].name\"",
            "duplicate field \"spec.nodeSelector.x\"");
    assertThat(decoded.object().toString()).doesNotContain("foo").doesNotContain("bar");
    assertThat(decoded.refusal(FieldValidation.WARN, "Pod", "v1", new byte[0])).isEmpty();
    assertThat(decoded.warnings(FieldValidation.WARN)).hasSize(4);
    assertThat(
            decoded
                .refusal(FieldValidation.STRICT, "Pod", "v1", new byte[0])
                .orElseThrow()
                .message())
        .startsWith(
            "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field"
                + " \"spec.foo\", unknown field");
  }

  @Test
  void shouldKeepAtMostAHundredStrictErrors() {
    StringBuilder fields = new StringBuilder("{'a0':0");
    for (int i = 1; i < 1000; i++) {
      fields.append(",'a").append(i).append("':0");
    }
    assertThat(pod(fields + "}").strictErrors()).hasSize(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'hostNetwork':false,'nodeName':'','tolerations':[],'nodeSelector':null} | {}",
        "{'automountServiceAccountToken':false} | {'automountServiceAccountToken':false}",
        "{'containers':[{'name':'a','image':''}]} | {'containers':[{'name':'a','resources':{}}]}",
        "{'nodeSelector':{'a':null}} | {'nodeSelector':{'a':''}}",
        "{'overhead':{'cpu':0.5,'memory':'1024Mi'}} | {'overhead':{'cpu':'500m','memory':'1Gi'}}",
      })
  void shouldWriteWhatUpstreamWouldGiveBack(String spec, String expected) {
    assertThat(podSpec(spec)).isEqualTo(expected);
  }

  @Test
  void shouldWriteWhatIsAlwaysWritten() {
    Decoded budget = decode("policy/v1", "PodDisruptionBudget", "{}");
    assertThat(budget.object().get("status").toString())
        .isEqualTo(
            "{\"disruptionsAllowed\":0,\"currentHealthy\":0,\"desiredHealthy\":0,"
                + "\"expectedPods\":0}");
    Decoded role = decode("rbac.authorization.k8s.io/v1", "Role", "{'rules':null}");
    assertThat(role.object().toString()).isEqualTo("{\"metadata\":{}}");
  }

  @Test
  void shouldBringTimesIntoUtc() {
    Decoded decoded =
        decode(
            "v1",
            "Event",
            "{'metadata':{'creationTimestamp':'2026-01-02T03:04:05.6+02:00'},"
                + "'eventTime':'2026-01-02T03:04:05.123456Z'}");
    assertThat(Json.text(decoded.object(), "metadata", "creationTimestamp"))
        .isEqualTo("2026-01-02T01:04:05Z");
    assertThat(Json.text(decoded.object(), "eventTime")).isEqualTo("2026-01-02T03:04:05.123456Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "yesterday | cannot parse \"yesterday\" as \"2006\"",
        "2026-1-02T03:04:05Z | cannot parse \"1-02T03:04:05Z\" as \"01\"",
        "2026-01-02 03:04:05Z | cannot parse \" 03:04:05Z\" as \"T\"",
        "2026-01-02T03:04:05 | cannot parse \"\" as \"Z07:00\"",
        "2026-13-02T03:04:05Z | month out of range",
        "2026-02-30T03:04:05Z | day out of range",
      })
  void shouldExplainABadTime(String time, String why) {
    assertThat(decode("v1", "Pod", "{'metadata':{'creationTimestamp':'" + time + "'}}").fault())
        .startsWith("parsing time \"" + time + "\"")
        .endsWith(": " + why);
  }

  @ParameterizedTest
  @CsvSource({"YQ==,-1", "YWJj,-1", "YQ=,3", "YQ,0", "Y,0", "YQ==x,4", "Y*==,1", "YWJjZ,4"})
  void shouldCheckBase64(String text, int badByte) {
    Decoded decoded = decode("v1", "Secret", "{'data':{'k':'" + text + "'}}");
    assertThat(decoded.fault())
        .isEqualTo(badByte < 0 ? "" : "illegal base64 data at input byte " + badByte);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{bad | invalid character 'b' looking for beginning of object key string",
        "{'a':1,} | invalid character '}' looking for beginning of object key string",
        "{'a':tru} | invalid character '}' in literal true (expecting 'e')",
        "{'a' 1} | invalid character '1' after object key",
        "{'a':1 2} | invalid character '2' after object key:value pair",
        "[1 2] | invalid character '2' after array element",
        "{'a':[1,2 | unexpected end of JSON input",
        "{} x | invalid character 'x' after top-level value",
        "{'a':-} | invalid character '}' in numeric literal",
      })
  void shouldExplainBadSyntaxAsGoDoes(String text, String message) {
    assertThat(decode("v1", "Pod", text).fault())
        .isEqualTo("couldn't get version/kind; json parse error: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "5", "'x'", "{'kind':5}", "{'apiVersion':{}}"})
  void shouldRefuseWhatIsNoObject(String text) {
    Decoded decoded = decode("v1", "Pod", text);
    assertThat(
            decoded.refusal(
                FieldValidation.WARN, "Pod", "v1", text.getBytes(StandardCharsets.UTF_8)))
        .hasValueSatisfying(
            refusal ->
                assertThat(refusal.message())
                    .startsWith(
                        "the object provided is unrecognized (must be of type Pod): couldn't"));
  }

  @Test
  void shouldRefuseTooDeepNestingWithoutHarm() {
    Decoded decoded = decode("v1", "Pod", "{'metadata':" + "[".repeat(100_000));
    assertThat(decoded.fault()).endsWith("exceeded max depth");
  }

  @Test
  void shouldKeepAnyJsonWhereTheSchemaAllowsIt() {
    Decoded decoded =
        decode(
            "apps/v1",
            "ControllerRevision",
            "{'data':{'spec':{'x':null,'y':[1,{}]}},'revision':1}");
    assertThat(decoded.object().get("data").toString())
        .isEqualTo("{\"spec\":{\"x\":null,\"y\":[1,{}]}}");
    assertThat(decoded.strictErrors()).isEmpty();
  }

  @Test
  void shouldLeaveItsOwnResultUnchanged() {
    Decoded first = pod("{'containers':[{'name':'a','resources':{'limits':{'cpu':'2000m'}}}]}");
    Decoded again =
        BodyDecoder.decode(first.object(), KINDS.byKind("v1", "Pod").orElseThrow().schema());
    assertThat(again.object()).isEqualTo(first.object());
    assertThat(again.strictErrors()).isEmpty();
  }

  @Test
  void shouldReadSchemasInsideOfACrdsSchema() {
    String head = "{'spec':{'versions':[{'schema':{'openAPIV3Schema':";
    Decoded wrong =
        decode(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            head + "{'properties':{'x':{'items':{'type':5}}}}}}]}}");
    assertThat(wrong.fault())
        .isEqualTo(
            "json: cannot unmarshal number into Go struct field"
                + " JSONSchemaProps.spec.versions.schema.openAPIV3Schema.properties.items.type of"
                + " type string");
    Decoded pruned =
        decode(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            head + "{'additionalProperties':{'type':'string','foo':1},'items':false}}}]}}");
    assertThat(pruned.object().at("/spec/versions/0/schema/openAPIV3Schema").toString())
        .isEqualTo("{\"additionalProperties\":{\"type\":\"string\"},\"items\":false}");
    assertThat(pruned.strictErrors()).isEmpty();
  }
}
