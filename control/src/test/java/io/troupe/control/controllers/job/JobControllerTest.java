package io.troupe.control.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Pods;
import io.troupe.control.controllers.runtime.Harness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobControllerTest {
  private final Harness harness = new Harness(new JobController(), new FinishedJobRemoval());

  private void create(String spec) {
    harness.create(
        Resources.JOBS,
        """
        {'apiVersion':'batch/v1','kind':'Job','metadata':{'namespace':'x','name':'j'},
         'spec':{%s,'selector':{'matchLabels':{'j':'1'}},
          'template':{'metadata':{'labels':{'j':'1'}},
           'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}
        """
            .formatted(spec));
  }

  private ObjectNode job() {
    return harness.get(Resources.JOBS, "x", "j");
  }

  private List<ObjectNode> pods() {
    return harness.list(Resources.PODS, "x");
  }

  private List<ObjectNode> active() {
    return pods().stream().filter(Pods::isActive).toList();
  }

  private long status(String field) {
    return Json.number(job(), 0, "status", field);
  }

  private void fail(ObjectNode pod, int exitCode) {
    harness.patchStatus(
        Resources.PODS,
        "x",
        Meta.name(pod),
        ("{'status':{'phase':'Failed','containerStatuses':[{'name':'c','state':{'terminated':"
                + "{'exitCode':%d,'finishedAt':'%s'}}}]}}")
            .formatted(exitCode, harness.cluster.now()));
  }

  @Test
  void shouldRunToCompletionAndCountEachPodOnce() {
    harness.kubelet().completeIf(pod -> true);
    create("'completions':5,'parallelism':2");
    harness.settle();
    assertThat(status("succeeded")).isEqualTo(5);
    assertThat(pods()).hasSize(5).allMatch(p -> Pods.phase(p).equals("Succeeded"));
    assertThat(Conditions.isTrue(job(), "Complete")).isTrue();
    assertThat(Conditions.isTrue(job(), "SuccessCriteriaMet")).isTrue();
    assertThat(pods()).noneMatch(JobTally::isTracked);
    assertThat(harness.events()).contains("Completed: Job completed");
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldNeverRunMoreThanParallelismAllows() {
    create("'completions':5,'parallelism':2");
    harness.settle();
    assertThat(active()).hasSize(2);
    assertThat(status("active")).isEqualTo(2);
    harness.patch(Resources.JOBS, "x", "j", "{'spec':{'parallelism':1}}");
    harness.settle();
    assertThat(active()).hasSize(1);
    assertThat(status("failed")).isZero();
  }

  @Test
  void shouldBackOffAndGiveUpAtTheLimit() {
    create("'completions':1,'parallelism':1,'backoffLimit':2");
    harness.settle();
    fail(active().getFirst(), 1);
    harness.settle();
    assertThat(active()).isEmpty();
    harness.advance(Duration.ofSeconds(11));
    fail(active().getFirst(), 1);
    harness.advance(Duration.ofSeconds(11));
    assertThat(active()).isEmpty();
    harness.advance(Duration.ofSeconds(10));
    fail(active().getFirst(), 1);
    harness.settle();
    assertThat(Conditions.reason(job(), "Failed")).isEqualTo("BackoffLimitExceeded");
    assertThat(status("failed")).isEqualTo(3);
    assertThat(harness.events())
        .contains("BackoffLimitExceeded: Job has reached the specified backoff limit");
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldEndAtItsDeadline() {
    create("'completions':1,'parallelism':1,'activeDeadlineSeconds':30");
    harness.advance(Duration.ofSeconds(29));
    assertThat(active()).hasSize(1);
    harness.advance(Duration.ofSeconds(2));
    assertThat(Conditions.reason(job(), "Failed")).isEqualTo("DeadlineExceeded");
    assertThat(active()).isEmpty();
  }

  @Test
  void shouldSuspendAndResume() {
    create("'completions':2,'parallelism':2,'suspend':true");
    harness.settle();
    assertThat(pods()).isEmpty();
    assertThat(Conditions.isTrue(job(), "Suspended")).isTrue();
    harness.patch(Resources.JOBS, "x", "j", "{'spec':{'suspend':false}}");
    harness.settle();
    assertThat(active()).hasSize(2);
    assertThat(harness.events()).contains("Suspended: Job suspended", "Resumed: Job resumed");
    harness.patch(Resources.JOBS, "x", "j", "{'spec':{'suspend':true}}");
    harness.settle();
    assertThat(active()).isEmpty();
    assertThat(status("failed")).isZero();
  }

  @Test
  void shouldGiveEachIndexOnePodWithItsNumber() {
    harness.kubelet().completeIf(pod -> Indexes.of(pod) != 1);
    create("'completions':4,'parallelism':4,'completionMode':'Indexed'");
    harness.settle();
    assertThat(Json.text(job(), "status", "completedIndexes")).isEqualTo("0,2,3");
    ObjectNode pod = active().getFirst();
    assertThat(Json.text(pod, "spec", "hostname")).isEqualTo("j-1");
    assertThat(Meta.name(pod)).startsWith("j-1-");
    harness.kubelet().completeIf(p -> true);
    harness.settle();
    assertThat(Json.text(job(), "status", "completedIndexes")).isEqualTo("0-3");
    assertThat(Conditions.isTrue(job(), "Complete")).isTrue();
    assertThat(harness.secondRun()).isEmpty();
  }

  @Test
  void shouldFailIndexesByThemselves() {
    harness.kubelet().completeIf(pod -> Indexes.of(pod) != 0);
    create(
        "'completions':2,'parallelism':2,'completionMode':'Indexed','backoffLimitPerIndex':1,"
            + "'backoffLimit':100");
    harness.settle();
    fail(active().getFirst(), 1);
    harness.advance(Duration.ofSeconds(11));
    ObjectNode second = active().getFirst();
    assertThat(FailureBackoff.ofIndex(second)).isEqualTo(1);
    fail(second, 1);
    harness.settle();
    assertThat(Json.text(job(), "status", "failedIndexes")).isEqualTo("0");
    assertThat(Conditions.reason(job(), "Failed")).isEqualTo("FailedIndexes");
  }

  @Test
  void shouldFollowTheFailurePolicy() {
    create(
        "'completions':1,'parallelism':1,'backoffLimit':0,'podFailurePolicy':{'rules':["
            + "{'action':'Ignore','onExitCodes':{'operator':'In','values':[7]}},"
            + "{'action':'FailJob','onExitCodes':{'operator':'In','values':[42]}}]}");
    harness.settle();
    fail(active().getFirst(), 7);
    harness.advance(Duration.ofSeconds(11));
    assertThat(status("failed")).isZero();
    fail(active().getFirst(), 42);
    harness.settle();
    assertThat(Conditions.reason(job(), "Failed")).isEqualTo("PodFailurePolicy");
    assertThat(Conditions.find(job(), "Failed").orElseThrow().get("message").asText())
        .endsWith("failed with exit code 42 matching FailJob rule at index 1");
  }

  @Test
  void shouldSucceedByPolicyAndStopTheRest() {
    harness.kubelet().completeIf(pod -> Indexes.of(pod) == 0);
    create(
        "'completions':3,'parallelism':3,'completionMode':'Indexed',"
            + "'successPolicy':{'rules':[{'succeededIndexes':'0'}]}");
    harness.settle();
    assertThat(Conditions.isTrue(job(), "Complete")).isTrue();
    assertThat(Conditions.reason(job(), "Complete")).isEqualTo("SuccessPolicy");
    assertThat(active()).isEmpty();
  }

  @Test
  void shouldRemoveAFinishedJobAfterItsTime() {
    harness.kubelet().completeIf(pod -> true);
    create("'completions':1,'parallelism':1,'ttlSecondsAfterFinished':60");
    harness.advance(Duration.ofSeconds(59));
    assertThat(Meta.isDeleting(job())).isFalse();
    harness.advance(Duration.ofSeconds(2));
    assertThat(Meta.isDeleting(job())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldCountExactlyInAnyOrderOfEvents(long seed) {
    harness.kubelet().completeIf(pod -> true);
    create(
        "'completions':6,'parallelism':3" + (seed % 2 == 0 ? ",'completionMode':'Indexed'" : ""));
    harness.settleByChance(seed);
    assertThat(status("succeeded")).as("seed %d", seed).isEqualTo(6);
    assertThat(pods()).hasSize(6);
    assertThat(Conditions.isTrue(job(), "Complete")).isTrue();
    assertThat(harness.secondRun()).isEmpty();
  }
}
