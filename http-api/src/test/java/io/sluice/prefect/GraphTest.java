package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import io.sluice.http.Asker.Reply;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The graph of a flow run")
@ExtendWith(SharedNode.class)
@Timeout(60)
class GraphTest {
  private final Asker api;
  private String flow;
  private String run;

  GraphTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void create() {
    flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(UUID.randomUUID())).id();
    run = flowRun("outer", null);
    enter("/flow_runs/" + run, "RUNNING");
  }

  private String flowRun(String name, String task) {
    return api.post(
            "/flow_runs/",
            "{'flow_id': '%s', 'name': '%s'%s}"
                .formatted(
                    flow, name, task == null ? "" : ", 'parent_task_run_id': '%s'".formatted(task)))
        .id();
  }

  private void enter(String run, String type) {
    var set =
        api.post(run + "/set_state", "{'state': {'type': '%s'}, 'force': true}".formatted(type));
    assertThat(set.text("status")).isEqualTo("ACCEPT");
  }

  /** A task run, begun after those before it. */
  private String task(String name, String inputs) {
    var id =
        api.post(
                "/task_runs/",
                ("{'flow_run_id': '%s', 'task_key': '%s', 'dynamic_key': '0', 'name': '%s',"
                        + " 'task_inputs': %s}")
                    .formatted(run, name, name, inputs))
            .id();
    enter("/task_runs/" + id, "RUNNING");
    return id;
  }

  private static String input(String id) {
    return "{'input_type': 'task_run', 'id': '%s'}".formatted(id);
  }

  private JsonNode graph(String more) {
    var answer = api.get("/flow_runs/" + run + "/graph-v2" + more);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private static JsonNode node(JsonNode graph, String id) {
    for (var entry : graph.path("nodes")) {
      if (entry.path(0).asText().equals(id)) {
        return entry.path(1);
      }
    }
    throw new AssertionError("no node " + id + " in " + graph);
  }

  private static List<String> texts(JsonNode list, String field) {
    var texts = new ArrayList<String>();
    list.forEach(each -> texts.add((field.isEmpty() ? each : each.path(field)).asText()));
    return texts;
  }

  @Test
  void joins_runs_by_what_they_were_given() {
    var first = task("first", "{}");
    var second = task("second", "{'x': [%s, %s]}".formatted(input(first), input(first)));
    var inner = task("inner", "{'__parents__': [%s], 'y': []}".formatted(input(second)));
    var graph = graph("");
    assertThat(texts(graph.path("nodes"), "")).hasSize(3);
    assertThat(texts(graph.path("root_node_ids"), "")).containsExactly(first, inner);
    assertThat(texts(node(graph, second).path("parents"), "id")).containsExactly(first);
    assertThat(texts(node(graph, first).path("children"), "id")).containsExactly(second);
    assertThat(texts(node(graph, inner).path("encapsulating"), "id")).containsExactly(second);
    assertThat(node(graph, inner).path("parents")).isEmpty();
    assertThat(node(graph, second).path("children")).isEmpty();
    var shown = node(graph, first);
    assertThat(shown.path("kind").textValue()).isEqualTo("task-run");
    assertThat(shown.path("label").textValue()).isEqualTo("first");
    assertThat(shown.path("state_type").textValue()).isEqualTo("RUNNING");
    assertThat(shown.path("start_time").textValue())
        .isEqualTo(api.get("/task_runs/" + first).text("start_time"));
    assertThat(shown.path("end_time").isNull()).isTrue();
  }

  @Test
  void shows_a_flow_run_in_place_of_the_task_run_that_started_it() {
    var task = task("call", "{}");
    var sub = flowRun("inside", task);
    var graph = graph("");
    assertThat(texts(graph.path("root_node_ids"), "")).containsExactly(sub);
    assertThat(node(graph, sub).path("kind").textValue()).isEqualTo("flow-run");
    assertThat(node(graph, sub).path("label").textValue())
        .isEqualTo(api.get("/flows/" + flow).text("name") + " / inside");
  }

  @Test
  void has_the_states_and_the_artifacts_of_the_run() {
    var task = task("first", "{}");
    var old = artifact("'key': 'k', 'type': 'progress', 'data': 10, 'task_run_id': '%s',", task);
    var latest = artifact("'key': 'k', 'type': 'markdown', 'data': 'x',%s", "");
    artifact("'type': 'result', 'data': 'x',%s", "");
    var graph = graph("");
    assertThat(texts(graph.path("states"), "type")).endsWith("RUNNING");
    assertThat(graph.path("start_time").textValue())
        .isEqualTo(api.get("/flow_runs/" + run).text("start_time"));
    assertThat(graph.path("artifacts")).hasSize(1);
    assertThat(graph.at("/artifacts/0/id").textValue()).isEqualTo(latest);
    assertThat(graph.at("/artifacts/0/is_latest").booleanValue()).isTrue();
    assertThat(graph.at("/artifacts/0/data").isNull()).isTrue();
    var ofTask = node(graph, task).path("artifacts");
    assertThat(ofTask.at("/0/id").textValue()).isEqualTo(old);
    assertThat(ofTask.at("/0/is_latest").booleanValue()).isFalse();
    assertThat(ofTask.at("/0/data").intValue()).isEqualTo(10);
  }

  private String artifact(String fields, String task) {
    return api.post(
            "/artifacts/",
            ("{" + fields + " 'flow_run_id': '%s'}").formatted(task, run).replace("''", "null"))
        .id();
  }

  @Test
  void leaves_out_what_ended_before_a_time() {
    var ended = task("ended", "{}");
    enter("/task_runs/" + ended, "COMPLETED");
    var running = task("running", "{}");
    var end = Instant.parse(api.get("/task_runs/" + ended).text("end_time"));
    assertThat(graph("?since=" + end).path("nodes")).hasSize(2);
    var later = end.plus(1, ChronoUnit.MICROS);
    assertThat(texts(graph("?since=" + later).path("root_node_ids"), "")).containsExactly(running);
    var withOffset = later.toString().replace("Z", "%2B00:00");
    assertThat(graph("?since=" + withOffset).path("nodes")).hasSize(1);
    assertThat(status("?since=yesterday").status()).isEqualTo(422);
  }

  private Reply status(String more) {
    return api.get("/flow_runs/" + run + "/graph-v2" + more);
  }

  @Test
  void is_that_of_a_run_that_exists() {
    run = UUID.randomUUID().toString();
    assertThat(status("").status()).isEqualTo(404);
    assertThat(api.get("/flow_runs/" + run + "/graph").status()).isEqualTo(404);
  }

  @Test
  void lists_what_each_task_run_waited_for() {
    var first = task("first", "{}");
    var second = task("second", "{'x': [%s], 'y': [%1$s]}".formatted(input(first)));
    var list = api.get("/flow_runs/" + run + "/graph").json();
    assertThat(texts(list, "id")).containsExactlyInAnyOrder(first, second);
    for (var each : list) {
      var upstream = texts(each.path("upstream_dependencies"), "id");
      assertThat(upstream)
          .isEqualTo(each.path("id").asText().equals(second) ? List.of(first) : List.of());
      assertThat(each.path("state").path("type").textValue()).isEqualTo("RUNNING");
      assertThat(each.path("untrackable_result").booleanValue()).isFalse();
    }
  }

  @Test
  void is_refused_if_it_is_too_large() {
    try (var small = Served.start("sluice.graph.nodes-max = 1", InstantSource.system())) {
      var there = new GraphTest(small.api());
      there.create();
      there.task("first", "{}");
      assertThat(there.status("").status()).isEqualTo(200);
      there.task("second", "{}");
      assertThat(there.status("").toString())
          .isEqualTo(
              "400 {\"detail\":\"The graph of flow run %s has more than 1 nodes.\"}"
                  .formatted(there.run));
      assertThat(small.api().get("/flow_runs/" + there.run + "/graph").status()).isEqualTo(400);
    }
  }
}
