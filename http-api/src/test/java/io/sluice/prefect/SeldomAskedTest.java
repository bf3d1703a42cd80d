package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each case was seen at a server of Prefect 3.8.8. */
@DisplayName("What clients seldom ask for is answered as by Prefect")
@ExtendWith(SharedNode.class)
class SeldomAskedTest {
  private final Asker api;
  private final String name = "seldom-" + UUID.randomUUID();
  private String flow;

  SeldomAskedTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void flow() {
    flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
  }

  private Asker.Reply run(String fields) {
    return api.post("/flow_runs/", "{'flow_id': '%s'%s}".formatted(flow, fields));
  }

  private Asker.Reply task(String fields) {
    return api.post(
        "/task_runs/",
        "{'flow_run_id': '%s', 'task_key': 't', 'dynamic_key': '0'%s}"
            .formatted(run("").id(), fields));
  }

  private JsonNode deployed(String fields) {
    return api.post("/deployments/", "{'name': 'd', 'flow_id': '%s'%s}".formatted(flow, fields))
        .json();
  }

  @Test
  void a_task_run_without_a_state_is_pending() {
    var created = task("");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("state_name")).isEqualTo("Pending");
    assertThat(api.get("/task_runs/" + created.id()).text("state_type")).isEqualTo("PENDING");
  }

  @Test
  void parameters_and_labels_of_a_deployment_begin_anew() {
    deployed(", 'parameters': {'a': 1}, 'labels': {'l': 1}, 'tags': ['t']");
    var again = deployed("");
    assertThat(again.get("parameters")).isEmpty();
    assertThat(again.at("/labels/l").isMissingNode()).isTrue();
    assertThat(again.at("/tags/0").asText()).isEqualTo("t");
  }

  @Test
  void a_schedule_makes_runs_whether_their_pool_takes_them_or_not() {
    api.post(
        "/work_pools/",
        ("{'name': '%s', 'type': 'process', 'base_job_template': {'job_configuration':"
                + " {'image': '{{ image }}'}, 'variables': {'type': 'object', 'required': ['image'],"
                + " 'properties': {'image': {'type': 'string'}}}}}")
            .formatted(name));
    var id = deployed(", 'work_pool_name': '%s'".formatted(name)).get("id").asText();
    assertThat(api.post("/deployments/" + id + "/create_flow_run", "{}").status()).isEqualTo(422);
    api.post(
        "/deployments/" + id + "/schedules", "[{'active': true, 'schedule': {'interval': 3600}}]");
    assertThat(api.post("/deployments/" + id + "/schedule", "{}").status()).isEqualTo(200);
    var made = "{'flow_runs': {'deployment_id': {'any_': ['%s']}}}".formatted(id);
    assertThat(api.post("/flow_runs/count", made).json().asInt()).isPositive();
  }

  @Test
  void a_new_pool_declares_its_variables_in_a_schema() {
    var pool =
        "{'name': '%s', 'base_job_template': {'job_configuration': {'a': 1}, 'variables': %s}}";
    for (var wrong : new String[] {"{'type': 'nope'}", "{'enum': 'x'}", "null"}) {
      var variables = "{'properties': {'b': %s}}".formatted(wrong);
      var refused = api.post("/work_pools/", pool.formatted(name, variables));
      assertThat(refused.status()).as(wrong).isEqualTo(422);
      assertThat(refused.text("detail")).startsWith("Invalid schema: ");
    }
    var right = "{'type': 'object', 'properties': {'b': {'anyOf': [{'type': 'null'}]}}}";
    assertThat(api.post("/work_pools/", pool.formatted(name, right)).status()).isEqualTo(201);
  }

  @Test
  void old_names_of_retries_count_and_unknown_ones_are_let_pass() {
    var old = ", 'empirical_policy': {'max_retries': 2, 'retry_delay_seconds': 3, 'new': 1}";
    for (var created : new Asker.Reply[] {run(old), task(old)}) {
      assertThat(created.status()).isEqualTo(201);
      var policy = created.json().get("empirical_policy");
      assertThat(policy.get("retries").asInt()).isEqualTo(2);
      assertThat(policy.get("retry_delay").asInt()).isEqualTo(3);
    }
    var both = run(", 'empirical_policy': {'max_retries': 2, 'retries': 1}");
    assertThat(both.json().at("/empirical_policy/retries").asInt()).isEqualTo(1);
    var none = run(", 'empirical_policy': {'retries': 0}");
    assertThat(none.json().at("/empirical_policy/retries").asText()).isEqualTo("0");
  }

  @Test
  void options_of_concurrency_may_have_unknown_fields() {
    var made = deployed(", 'concurrency_options': {'collision_strategy': 'CANCEL_NEW', 'new': 1}");
    assertThat(made.at("/concurrency_options/collision_strategy").asText()).isEqualTo("CANCEL_NEW");
  }

  @Test
  void an_unknown_operator_is_refused() {
    for (var operator : new String[] {"'xor_'", "'OR_'", "null"}) {
      var asked = "{'flows': {'operator': %s}}".formatted(operator);
      assertThat(api.post("/flows/filter", asked).status()).as(operator).isEqualTo(422);
    }
    assertThat(api.post("/flows/filter", "{'flows': {'operator': 'or_'}}").status()).isEqualTo(200);
  }

  @Test
  void a_state_for_a_run_that_is_not_there_is_answered_with_its_id() {
    var id = UUID.randomUUID();
    for (var kind : new String[] {"flow", "task"}) {
      var answer =
          api.post("/%s_runs/%s/set_state".formatted(kind, id), "{'state': {'type': 'RUNNING'}}");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.text("exception_message"))
          .endsWith("run with id %s not found".formatted(id));
    }
  }

  @Test
  void a_run_that_is_not_paused_is_not_resumed_and_its_state_not_told() {
    var answer = api.post("/flow_runs/" + run("").id() + "/resume", "{}").json();
    assertThat(answer.get("status").asText()).isEqualTo("ABORT");
    assertThat(answer.get("state").isNull()).isTrue();
  }

  @Test
  void input_that_does_not_fit_is_answered_with_the_reason() {
    var keys = "{'schema': 'asked', 'response': 'answer'}";
    var paused =
        run(", 'state': {'type': 'PAUSED', 'state_details': {'run_input_keyset': %s}}"
                .formatted(keys))
            .id();
    assertThat(resume(paused).path("reason").textValue()).isEqualTo("Run input schema not found.");
    assertThat(resume(paused).path("type").textValue()).isEqualTo("abort_details");
    var schema =
        "{\\'required\\': [\\'n\\'], \\'properties\\': {\\'n\\': {\\'type\\': \\'integer\\'}}}";
    api.post("/flow_runs/" + paused + "/input", "{'key': 'asked', 'value': '" + schema + "'}");
    assertThat(resume(paused).path("reason").textValue())
        .isEqualTo(
            "Reason: Validation failed for field 'n'. Failure reason: 'x' is not of type"
                + " 'integer'");
  }

  private JsonNode resume(String run) {
    return api.post("/flow_runs/" + run + "/resume", "{'run_input': {'n': 'x'}}")
        .json()
        .path("details");
  }

  @Test
  void slots_of_tags_are_named_by_their_tag() {
    api.post("/concurrency_limits/", "{'tag': '%s', 'concurrency_limit': 1}".formatted(name));
    var taken =
        api.post(
            "/concurrency_limits/increment",
            "{'names': ['%s'], 'task_run_id': '%s'}".formatted(name, UUID.randomUUID()));
    assertThat(taken.json().at("/0/name").asText()).isEqualTo(name);
  }

  @Test
  void a_limit_of_a_tag_that_is_made_again_stays_disabled() {
    var made = "{'tag': '%s', 'concurrency_limit': %d}";
    api.post("/concurrency_limits/", made.formatted(name, 1));
    api.patch("/v2/concurrency_limits/tag%3A" + name, "{'active': false}");
    api.post("/concurrency_limits/", made.formatted(name, 2));
    var limit = api.get("/v2/concurrency_limits/tag%3A" + name).json();
    assertThat(limit.get("limit").asInt()).isEqualTo(2);
    assertThat(limit.get("active").asBoolean()).isFalse();
  }

  @Test
  void a_client_of_an_absurd_version_is_one_that_nobody_knows() {
    var absurd = api.with("User-Agent", "prefect/99999999999.0.0 (API 0.8.4)");
    assertThat(absurd.post("/flow_runs/" + run("").id() + "/resume", "{}").status()).isEqualTo(200);
    assertThat(
            absurd.post("/deployments/get_scheduled_flow_runs", "{'deployment_ids': []}").status())
        .isEqualTo(200);
  }
}
