package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("What clients look up now and then")
@ExtendWith(SharedNode.class)
class SmallResourcesTest {
  private final Asker api;

  SmallResourcesTest(Asker api) {
    this.api = api;
  }

  @Test
  void collections_hold_the_kinds_of_workers_and_nothing_from_elsewhere() {
    assertThat(api.get("/collections/views/aggregate-worker-metadata").json().get("prefect"))
        .isNotEmpty();
    var elsewhere = api.get("/collections/views/demo-flows");
    assertThat(elsewhere.status()).isEqualTo(404);
    assertThat(elsewhere.text("detail")).isEqualTo("Requested content missing for view demo-flows");
    assertThat(api.get("/collections/views/nope").text("detail"))
        .isEqualTo("View nope not found in registry");
  }

  @Test
  void a_state_of_a_task_run_is_found_by_its_id() {
    var run =
        api.post(
            "/task_runs/",
            "{'task_key': 't', 'dynamic_key': '0', 'state': {'type': 'PENDING', 'name': 'Here'}}");
    var state = run.text("state_id");
    assertThat(api.get("/task_run_states/" + state).text("name")).isEqualTo("Here");
    assertThat(api.get("/task_run_states/" + UUID.randomUUID()).text("detail"))
        .isEqualTo("Flow run state not found");
  }

  @Test
  void there_are_no_task_workers() {
    var none = api.post("/task_workers/filter", "{'task_worker_filter': {'task_keys': ['a']}}");
    assertThat(none.status()).isEqualTo(200);
    assertThat(none.json().isArray()).isTrue();
    assertThat(none.json()).isEmpty();
  }

  @Test
  void queues_are_checked_for_a_deployment_by_their_old_filters() {
    var flow = api.post("/flows/", "{'name': 'checked'}").id();
    var deployment =
        api.post(
                "/deployments/",
                "{'name': 'd', 'flow_id': '" + flow + "', 'tags': ['blue', 'round']}")
            .id();
    queue("check-open", "null");
    queue("check-blue", "{'tags': ['blue']}");
    queue("check-red", "{'tags': ['blue', 'red']}");
    queue("check-own", "{'deployment_ids': ['" + deployment + "']}");
    queue("check-other", "{'deployment_ids': ['" + UUID.randomUUID() + "']}");

    var found = api.get("/deployments/" + deployment + "/work_queue_check").json();
    assertThat(found.findValuesAsText("name"))
        .contains("check-open", "check-blue", "check-own")
        .doesNotContain("check-red", "check-other");
    assertThat(api.get("/deployments/" + UUID.randomUUID() + "/work_queue_check").text("detail"))
        .isEqualTo("Deployment not found");
  }

  private void queue(String name, String filter) {
    var made = api.post("/work_queues/", "{'name': '" + name + "', 'filter': " + filter + "}");
    assertThat(made.status()).isEqualTo(201);
  }
}
