package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Prefect 3.8.8 refuses each by its model or, where an update gets so far, by its database. */
@DisplayName("Null for what cannot be null is refused, and changes nothing")
@ExtendWith(SharedNode.class)
class NullFieldsTest {
  private static final String SCHEDULE = "'schedule': {'interval': 3600}";

  private final Asker api;
  private final String name = "null-" + UUID.randomUUID();
  private String flow;

  NullFieldsTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void flow() {
    flow = api.post("/flows/", "{'name': '%s', 'tags': ['t']}".formatted(name)).id();
  }

  /** Each of {@code fields} with null, beside what {@code more} says. */
  private void assertRefused(String method, String path, String more, String... fields) {
    for (var field : fields) {
      var json = "{'%s': null%s}".formatted(field, more.isEmpty() ? "" : ", " + more);
      var answer = api.ask(method, path, json).join();
      assertThat(answer.status()).as("%s %s %s: %s", method, path, json, answer).isEqualTo(422);
      assertThat(answer.json().at("/exception_detail/0/loc/1").asText()).isEqualTo(field);
    }
  }

  @Test
  void of_flow_runs() {
    var run = "'flow_id': '%s'".formatted(flow);
    assertRefused("POST", "/flow_runs/", run, "parameters", "context", "empirical_policy", "tags");
    var id = api.post("/flow_runs/", "{%s, 'tags': ['a'], 'parameters': {'p': 1}}".formatted(run));
    assertRefused("PATCH", "/flow_runs/" + id.id(), "", "parameters", "empirical_policy", "tags");
    var kept = api.get("/flow_runs/" + id.id()).json();
    assertThat(kept.at("/tags/0").asText()).isEqualTo("a");
    assertThat(kept.at("/parameters/p").asInt()).isEqualTo(1);
    assertThat(api.patch("/flow_runs/" + id.id(), "{'flow_version': null, 'name': null}").status())
        .isEqualTo(204);
  }

  @Test
  void inside_of_flow_runs() {
    for (var part :
        new String[] {
          "'empirical_policy': {'max_retries': null}",
          "'empirical_policy': {'retry_delay_seconds': null}",
          "'state': {'type': 'PENDING', 'state_details': null}",
          "'labels': {'l': null}"
        }) {
      var json = "{'flow_id': '%s', %s}".formatted(flow, part);
      assertThat(api.post("/flow_runs/", json).status()).as(json).isEqualTo(422);
    }
    var may = "'empirical_policy': {'retries': null}, 'state': null, 'labels': null";
    assertThat(api.post("/flow_runs/", "{'flow_id': '%s', %s}".formatted(flow, may)).status())
        .isEqualTo(201);
  }

  @Test
  void of_flows_and_task_runs() {
    assertRefused("POST", "/flows/", "'name': 'x'", "tags");
    assertRefused("PATCH", "/flows/" + flow, "", "tags");
    assertThat(api.get("/flows/" + flow).json().at("/tags/0").asText()).isEqualTo("t");
    assertRefused(
        "POST",
        "/task_runs/",
        "'task_key': 'k', 'dynamic_key': '0'",
        "empirical_policy",
        "tags",
        "task_inputs");
  }

  @Test
  void inside_of_task_runs_and_queues() {
    for (var part :
        new String[] {
          "'empirical_policy': {'retry_delay': [1, null]}",
          "'task_inputs': {'a': null}",
          "'task_inputs': {'a': [null]}",
          "'task_inputs': {'a': [{'input_type': null}]}"
        }) {
      var json = "{'task_key': 'k', 'dynamic_key': '0', %s}".formatted(part);
      assertThat(api.post("/task_runs/", json).status()).as(json).isEqualTo(422);
    }
    for (var part : new String[] {"'tags': [null]", "'deployment_ids': [null]"}) {
      var json = "{'name': '%s', 'filter': {%s}}".formatted(name, part);
      assertThat(api.post("/work_queues/", json).status()).as(json).isEqualTo(422);
    }
  }

  @Test
  void of_deployments_and_their_runs() {
    var deployment = "'name': 'd', 'flow_id': '%s'".formatted(flow);
    assertRefused(
        "POST",
        "/deployments/",
        deployment,
        "paused",
        "schedules",
        "enforce_parameter_schema",
        "parameters",
        "tags",
        "job_variables");
    var id = api.post("/deployments/", "{%s, 'parameters': {'p': 1}}".formatted(deployment)).id();
    assertRefused(
        "PATCH",
        "/deployments/" + id,
        "",
        "paused",
        "schedules",
        "enforce_parameter_schema",
        "parameters",
        "tags");
    assertThat(api.get("/deployments/" + id).json().at("/parameters/p").asInt()).isEqualTo(1);
    assertRefused(
        "POST",
        "/deployments/" + id + "/create_flow_run",
        "",
        "parameters",
        "context",
        "empirical_policy",
        "tags");
    for (var part : new String[] {"'active': null", "'parameters': null"}) {
      var json = "[{%s, %s}]".formatted(SCHEDULE, part);
      assertThat(api.post("/deployments/" + id + "/schedules", json).status()).isEqualTo(422);
    }
  }

  @Test
  void of_pools_and_queues() {
    assertRefused(
        "POST",
        "/work_pools/",
        "'name': '%s'".formatted(name),
        "type",
        "base_job_template",
        "is_paused",
        "storage_configuration");
    api.post("/work_pools/", "{'name': '%s'}".formatted(name));
    var pool = "/work_pools/" + name;
    assertRefused("PATCH", pool, "", "base_job_template", "is_paused", "storage_configuration");
    assertThat(api.patch(pool, "{'description': null, 'concurrency_limit': null}").status())
        .isEqualTo(204);
    assertRefused("POST", pool + "/queues", "'name': 'q'", "is_paused");
    assertRefused(
        "PATCH", pool + "/queues/default", "", "name", "description", "is_paused", "priority");
    assertThat(api.patch(pool + "/queues/default", "{'concurrency_limit': null}").status())
        .isEqualTo(204);
  }

  @Test
  void of_limits_and_variables() {
    var limits = "/v2/concurrency_limits/";
    assertRefused(
        "POST",
        limits,
        "'name': '%s', 'limit': 1".formatted(name),
        "active",
        "active_slots",
        "denied_slots",
        "slot_decay_per_second");
    api.post(limits, "{'name': '%s', 'limit': 3}".formatted(name));
    assertRefused(
        "PATCH",
        limits + name,
        "",
        "name",
        "active",
        "limit",
        "active_slots",
        "denied_slots",
        "slot_decay_per_second");
    assertThat(api.get(limits + name).json().get("limit").asInt()).isEqualTo(3);
    assertRefused("POST", "/variables/", "'name': 'x', 'value': 1", "tags");
    api.post("/variables/", "{'name': '%s', 'value': 1, 'tags': ['t']}".formatted(name));
    assertRefused("PATCH", "/variables/name/" + name, "", "name", "tags");
    assertThat(api.patch("/variables/name/" + name, "{'value': null}").status()).isEqualTo(204);
  }

  @Test
  void of_automations() {
    var automation =
        "'name': 'a', 'trigger': {'posture': 'Reactive'}, 'actions': [{'type': 'do-nothing'}]";
    assertRefused(
        "POST",
        "/automations/",
        automation,
        "description",
        "enabled",
        "tags",
        "actions_on_trigger",
        "actions_on_resolve");
    for (var field : new String[] {"match", "after", "expect", "for_each", "threshold", "within"}) {
      var json =
          "{'name': 'a', 'trigger': {'posture': 'Reactive', '%s': null}, 'actions': []}"
              .formatted(field);
      assertThat(api.post("/automations/", json).status()).as(json).isEqualTo(422);
    }
    var id = api.post("/automations/", "{%s}".formatted(automation)).id();
    assertRefused("PATCH", "/automations/" + id, "", "enabled");
  }

  @Test
  void of_blocks_and_searches() {
    var type = api.post("/block_types/", "{'name': '%1$s', 'slug': '%1$s'}".formatted(name)).id();
    var ofType = "'block_type_id': '%s'".formatted(type);
    assertRefused("POST", "/block_schemas/", ofType, "fields", "capabilities", "version");
    var schema = api.post("/block_schemas/", "{%s, 'fields': {}}".formatted(ofType)).id();
    var block = "'name': 'b', 'block_schema_id': '%s', %s".formatted(schema, ofType);
    assertRefused("POST", "/block_documents/", block, "data", "is_anonymous");
    var id = api.post("/block_documents/", "{%s}".formatted(block)).id();
    assertRefused("PATCH", "/block_documents/" + id, "", "data", "merge_existing_data");
    assertRefused("PUT", "/saved_searches/", "'name': 's'", "filters");
  }

  @Test
  void of_filters_of_events() {
    for (var filter :
        new String[] {
          "'occurred': null",
          "'id': null",
          "'order': null",
          "'related': {'resources_in_roles': [['a', null]]}",
          "'related': {'resources_in_roles': [null]}"
        }) {
      var json = "{'filter': {%s}}".formatted(filter);
      assertThat(api.post("/events/filter", json).status()).as(json).isEqualTo(422);
    }
    assertThat(api.post("/events/filter", "{'filter': {'event': null}}").status()).isEqualTo(200);
  }
}
