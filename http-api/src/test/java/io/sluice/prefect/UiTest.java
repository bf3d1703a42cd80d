package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Figures for dashboards")
@ExtendWith(SharedNode.class)
@Timeout(60)
class UiTest {
  private final Asker api;
  private String flow;
  private String run;
  private String mine;

  UiTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void create() {
    flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(UUID.randomUUID())).id();
    run = api.post("/flow_runs/", "{'flow_id': '%s', 'name': 'outer'}".formatted(flow)).id();
    mine = "'flow_runs': {'id': {'any_': ['%s']}}".formatted(run);
  }

  private String task(String key) {
    return api.post(
            "/task_runs/",
            "{'flow_run_id': '%s', 'task_key': '%s', 'dynamic_key': '0'}".formatted(run, key))
        .id();
  }

  /** A task run as its engine tells of it: states with the times at which they were entered. */
  private void told(String key, String... states) {
    var id = UUID.randomUUID();
    var events =
        Arrays.stream(states)
            .map(state -> state.split(" "))
            .map(parts -> event(id, key, parts, states[0].split(" ")[1]))
            .collect(Collectors.joining(",", "[", "]"));
    assertThat(api.post("/events", events).status()).isEqualTo(204);
  }

  private String event(UUID id, String key, String[] entered, String start) {
    return ("{'id': '%s', 'occurred': '%s', 'event': 'prefect.task-run.%s', 'resource':"
            + " {'prefect.resource.id': 'prefect.task-run.%s', 'prefect.orchestration': 'client'},"
            + " 'related': [{'prefect.resource.id': 'prefect.flow-run.%s',"
            + " 'prefect.resource.role': 'flow-run'}], 'payload': {'validated_state': {'type':"
            + " '%3$s', 'name': '%3$s'}, 'task_run': {'name': '%s', 'task_key': '%6$s',"
            + " 'dynamic_key': '0', 'start_time': '%s'}}}")
        .formatted(UUID.randomUUID(), entered[1], entered[0], id, run, key, start);
  }

  @Test
  void count_task_runs_by_state_and_by_time() {
    told("a", "RUNNING 2026-11-21T12:00:30Z", "COMPLETED 2026-11-21T12:05:00Z");
    told("b", "RUNNING 2026-11-21T12:00:40Z", "FAILED 2026-11-21T12:05:00Z");
    told("c", "RUNNING 2026-11-21T12:19:30Z", "CRASHED 2026-11-21T12:20:00Z");
    told("d", "RUNNING 2026-11-21T12:03:00Z");
    var counts = api.post("/ui/task_runs/count", "{%s}".formatted(mine)).json();
    assertThat(counts.path("COMPLETED").intValue()).isEqualTo(1);
    assertThat(counts.path("RUNNING").intValue()).isEqualTo(1);
    assertThat(counts.path("PAUSED").intValue()).isZero();
    assertThat(counts).hasSize(9);
    var parts =
        api.post(
                "/ui/task_runs/dashboard/counts",
                ("{%s, 'task_runs': {'start_time': {'after_': '2026-11-21T12:00:10Z', 'before_':"
                        + " '2026-11-21T12:19:50Z'}, 'state': {'type': {'any_': ['RUNNING']}}}}")
                    .formatted(mine))
            .json();
    assertThat(parts).hasSize(20);
    assertThat(parts.path(0).toString()).isEqualTo("{\"completed\":1,\"failed\":1}");
    assertThat(parts.path(3).toString()).isEqualTo("{\"completed\":0,\"failed\":0}");
    assertThat(parts.path(19).toString()).isEqualTo("{\"completed\":0,\"failed\":1}");
    assertThat(api.post("/ui/task_runs/dashboard/counts", "{'task_runs': {}}").status())
        .isEqualTo(422);
  }

  @Test
  void count_the_task_runs_of_flow_runs_but_not_those_that_stand_for_flow_runs() {
    var calling = task("a");
    task("b");
    api.post(
        "/flow_runs/", "{'flow_id': '%s', 'parent_task_run_id': '%s'}".formatted(flow, calling));
    var other = UUID.randomUUID();
    var counts =
        api.post(
                "/ui/flow_runs/count-task-runs",
                "{'flow_run_ids': ['%s', '%s']}".formatted(run, other))
            .json();
    assertThat(counts.path(run).intValue()).isEqualTo(1);
    assertThat(counts.path(other.toString()).intValue()).isZero();
  }

  @Test
  void tell_of_each_flow_its_deployments_and_its_next_run() {
    api.post("/deployments/", "{'name': 'd', 'flow_id': '%s'}".formatted(flow));
    var ids = "{'flow_ids': ['%s', '%s']}".formatted(flow, UUID.randomUUID());
    assertThat(api.post("/ui/flows/count-deployments", ids).json().path(flow).intValue())
        .isEqualTo(1);
    for (var at : new String[] {"2099-01-02T00:00:00Z", "2099-01-01T00:00:00Z"}) {
      api.post(
          "/flow_runs/",
          ("{'flow_id': '%s', 'name': 'at %s', 'state': {'type': 'SCHEDULED', 'state_details':"
                  + " {'scheduled_time': '%2$s'}}}")
              .formatted(flow, at));
    }
    var next = api.post("/ui/flows/next-runs", ids).json();
    assertThat(next).hasSize(2);
    assertThat(next.path(flow).path("name").textValue()).isEqualTo("at 2099-01-01T00:00:00Z");
    assertThat(next.path(flow).path("next_scheduled_start_time").textValue())
        .isEqualTo("2099-01-01T00:00:00.000000Z");
    assertThat(next.path(flow).path("state_type").textValue()).isEqualTo("SCHEDULED");
    assertThat(next.findValues("flow_id")).hasSize(1);
  }

  @Test
  void list_flow_runs_in_short() {
    api.post("/flow_runs/" + run + "/set_state", "{'state': {'type': 'RUNNING'}, 'force': true}");
    var list = api.post("/ui/flow_runs/history", "{%s}".formatted(mine)).json();
    assertThat(list).hasSize(1);
    assertThat(list.path(0)).hasSize(5);
    assertThat(list.path(0).path("id").textValue()).isEqualTo(run);
    assertThat(list.path(0).path("timestamp").textValue())
        .isEqualTo(api.get("/flow_runs/" + run).text("start_time"));
    assertThat(list.path(0).path("state_type").textValue()).isEqualTo("RUNNING");
    assertThat(api.post("/ui/flow_runs/history", "{'limit': 1001}").status()).isEqualTo(422);
  }

  @Test
  void read_a_task_run_with_the_name_of_its_flow_run() {
    var task = api.get("/ui/task_runs/" + task("a"));
    assertThat(task.text("flow_run_name")).isEqualTo("outer");
    assertThat(task.text("task_key")).isEqualTo("a");
    assertThat(api.get("/ui/task_runs/" + UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void a_history_has_intervals_as_long_as_asked_for() {
    var ask =
        "{'history_start': '2020-01-01T00:00:00Z', 'history_end': '2120-01-01T00:00:00Z',"
            + " 'history_interval_seconds': 1262304000.0000004, %s}";
    var history = api.post("/flow_runs/history", ask.formatted(mine)).json();
    assertThat(history.findValuesAsText("interval_end"))
        .containsExactly(
            "2060-01-01T00:00:00.000000Z",
            "2100-01-01T00:00:00.000000Z",
            "2140-01-02T00:00:00.000000Z");
    assertThat(history.at("/0/states/0/count_runs").asInt()).isEqualTo(1);
  }
}
