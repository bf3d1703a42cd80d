package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Task runs over HTTP")
@ExtendWith(SharedNode.class)
class TaskRunRoutesTest {
  private final Asker api;
  private final String key = "k-" + UUID.randomUUID();

  TaskRunRoutesTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply task(String dynamicKey, String more) {
    return api.post(
        "/task_runs/",
        "{'task_key': '%s', 'dynamic_key': '%s'%s}".formatted(key, dynamicKey, more));
  }

  private Asker.Reply propose(Asker.Reply task, String state, boolean force) {
    return api.post(
        "/task_runs/" + task.id() + "/set_state",
        "{'state': {'type': '%s', 'state_details': {'deferred': true}}, 'force': %s}"
            .formatted(state, force));
  }

  @Test
  void with_an_id_of_another_one_are_refused() {
    var id = ", 'id': '%s'".formatted(UUID.randomUUID());
    var made = task("0", id);
    assertThat(made.status()).isEqualTo(201);
    assertThat(task("0", id).status()).isEqualTo(200);
    assertThat(task("0", id).id()).isEqualTo(made.id());
    assertThat(task("0", ", 'id': '%s'".formatted(UUID.randomUUID())).id()).isEqualTo(made.id());
    var other = task("1", id);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.text("detail")).contains("another task run " + made.id());
    assertThat(api.get("/task_runs/" + made.id()).text("dynamic_key")).isEqualTo("0");
  }

  @Test
  void know_what_their_inputs_are_by_what_these_have() {
    var inputs = "{'a': [{'id': '%s'}], 'b': [{'name': 'x'}], 'c': [{'type': 'int'}], 'd': []}";
    var made = task("0", ", 'task_inputs': " + inputs.formatted(UUID.randomUUID()));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("task_inputs").findValuesAsText("input_type"))
        .containsExactly("task_run", "parameter", "constant");
    assertThat(task("1", ", 'task_inputs': {'a': [{}]}").status()).isEqualTo(422);
  }

  @Test
  void take_their_logs_with_them() {
    var gone = task("0", "").id();
    var stays = task("1", "").id();
    var line =
        "{'name': 'l', 'level': 20, 'message': '%1$s', 'timestamp': '2026-11-21T08:00:00Z',"
            + " 'task_run_id': '%1$s'}";
    api.post("/logs/", "[" + line.formatted(gone) + ", " + line.formatted(stays) + "]");
    assertThat(api.delete("/task_runs/" + gone).status()).isEqualTo(204);
    var filter = "{'logs': {'task_run_id': {'any_': ['%s', '%s']}}}".formatted(gone, stays);
    assertThat(api.post("/logs/filter", filter).json().findValuesAsText("message"))
        .containsExactly(stays);
  }

  @Nested
  class AreRetried {
    private Asker.Reply retried(String policy) {
      return task("0", ", 'empirical_policy': {'retries': 3, %s}".formatted(policy));
    }

    private String refusal(String policy) {
      var refused = retried(policy);
      assertThat(refused.status()).isEqualTo(422);
      return refused.json().at("/exception_detail/0/msg").textValue();
    }

    private String delays(int count) {
      return "'retry_delay': " + Collections.nCopies(count, 7);
    }

    @Test
    void after_delays_that_are_given_back_as_they_were_sent() {
      assertThat(retried("'retry_delay': [1, 2.5]").json().at("/empirical_policy/retry_delay"))
          .hasToString("[1,2.5]");
    }

    @Test
    void after_50_different_delays_at_most() {
      assertThat(refusal(delays(51)))
          .contains("Can not configure more than 50 retry delays per task.");
      assertThat(retried(delays(50)).json().at("/empirical_policy/retry_delay")).hasSize(50);
    }

    @Test
    void after_numbers_of_seconds_only() {
      for (var wrong : List.of("[1, 'soon']", "[null]", "[[1]]", "'soon'", "{}", "[1e400]")) {
        assertThat(refusal("'retry_delay': " + wrong)).as(wrong).contains("list of numbers");
      }
    }

    @Test
    void with_a_jitter_that_is_not_negative() {
      assertThat(refusal("'retry_jitter_factor': -0.5"))
          .contains("`retry_jitter_factor` must be >= 0.");
      assertThat(retried("'retry_jitter_factor': 0").status()).isEqualTo(201);
    }
  }

  @Nested
  class OfBackgroundTasks {
    private static final String SCHEDULED =
        ", 'state': {'type': 'SCHEDULED', 'state_details': {'deferred': true}}";

    @Test
    void are_handed_to_one_task_worker_also_if_the_other_one_forces() {
      var task = task("0", SCHEDULED);
      assertThat(propose(task, "PENDING", false).text("status")).isEqualTo("ACCEPT");
      for (var force : new boolean[] {false, true}) {
        var second = propose(task, "PENDING", force);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text("status")).isEqualTo("ABORT");
        assertThat(second.json().at("/details/reason").textValue())
            .isEqualTo("This run is in a PENDING state and cannot transition to a PENDING state.");
      }
      assertThat(propose(task, "RUNNING", false).text("status")).isEqualTo("ACCEPT");
      assertThat(propose(task, "PENDING", false).text("status")).isEqualTo("ABORT");
    }

    @Test
    void take_no_slots_of_the_limits_of_their_tags() {
      assertThat(
              api.post(
                      "/concurrency_limits/",
                      "{'tag': '%s', 'concurrency_limit': 1}".formatted(key))
                  .status())
          .isEqualTo(201);
      var tagged = SCHEDULED + ", 'tags': ['%s']".formatted(key);
      assertThat(propose(task("0", tagged), "RUNNING", false).text("status")).isEqualTo("ACCEPT");
      assertThat(propose(task("1", tagged), "RUNNING", false).text("status")).isEqualTo("ACCEPT");
      assertThat(api.get("/concurrency_limits/tag/" + key).json().path("active_slots")).isEmpty();
    }

    @Test
    void run_although_their_flow_does_not() {
      var flow = api.post("/flows/", "{'name': '%s'}".formatted(key)).id();
      var flowRun = api.post("/flow_runs/", "{'flow_id': '%s'}".formatted(flow)).id();
      var task = task("0", SCHEDULED + ", 'flow_run_id': '%s'".formatted(flowRun));
      assertThat(propose(task, "RUNNING", false).text("status")).isEqualTo("ACCEPT");
    }
  }
}
