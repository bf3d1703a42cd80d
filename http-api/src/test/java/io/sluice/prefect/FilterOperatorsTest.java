package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each case was seen at a server of Prefect 3.8.8. */
@DisplayName("Operators of filters mean what they mean in Prefect")
@ExtendWith(SharedNode.class)
class FilterOperatorsTest {
  private final Asker api;
  private final String name = "filter-" + UUID.randomUUID();
  private String flow;

  FilterOperatorsTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void flow() {
    flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
  }

  private List<String> names(String path, String filter) {
    return StreamSupport.stream(api.post(path, filter).json().spliterator(), false)
        .map(found -> found.get("name").asText())
        .sorted()
        .toList();
  }

  private int runs(String createdBy) {
    var mine = "'flows': {'id': {'any_': ['%s']}}".formatted(flow);
    var filter = "{%s, 'flow_runs': {'created_by': %s}}".formatted(mine, createdBy);
    var answer = api.post("/flow_runs/count", filter);
    assertThat(answer.status()).as(createdBy).isEqualTo(200);
    return answer.json().asInt();
  }

  @Test
  void runs_are_found_by_who_made_them() {
    api.post("/flow_runs/", "{'flow_id': '%s'}".formatted(flow));
    var deployment =
        api.post(
                "/deployments/",
                "{'name': 'd', 'flow_id': '%s', 'schedules': [{'schedule': {'interval': 3600}}]}"
                    .formatted(flow))
            .id();
    api.post("/deployments/" + deployment + "/schedule", "{'max_runs': 2, 'min_runs': 2}");
    var schedule = api.get("/deployments/" + deployment + "/schedules").json().at("/0/id").asText();
    int scheduled = runs("{'type_': ['SCHEDULE']}");
    assertThat(scheduled).isPositive();
    assertThat(runs("{'id_': ['%s']}".formatted(schedule))).isEqualTo(scheduled);
    assertThat(runs("{'id_': ['%s'], 'type_': ['X']}".formatted(schedule))).isZero();
    assertThat(runs("{'is_null_': true}")).isEqualTo(1);
    assertThat(runs("{'is_null_': false}")).isEqualTo(scheduled);
    assertThat(runs("{'operator': 'or_', 'type_': ['SCHEDULE'], 'is_null_': true}"))
        .isEqualTo(scheduled + 1);
  }

  @Test
  void task_runs_are_those_of_flow_runs_unless_something_else_is_asked() {
    var run = api.post("/flow_runs/", "{'flow_id': '%s'}".formatted(flow)).id();
    var task = "{'name': '%s', 'task_key': '%s', 'dynamic_key': '0'%s}";
    api.post("/task_runs/", task.formatted("in", name, ", 'flow_run_id': '%s'".formatted(run)));
    api.post("/task_runs/", task.formatted("out " + name, name, ""));
    assertThat(tasks("{}")).contains("in").doesNotContain("out " + name);
    assertThat(tasks("{'is_null_': true, 'any_': ['%s']}".formatted(run)))
        .containsExactly("out " + name);
    assertThat(tasks("{'any_': ['%s']}".formatted(run))).containsExactly("in");
    assertThat(tasks("{'is_null_': null}")).contains("in", "out " + name);
  }

  /** Of this test. */
  private List<String> tasks(String flowRunId) {
    return names("/task_runs/filter", "{'task_runs': {'flow_run_id': %s}}".formatted(flowRunId))
        .stream()
        .filter(task -> task.equals("in") || task.endsWith(name))
        .distinct()
        .toList();
  }

  @Test
  void texts_that_look_alike_may_have_wildcards() {
    for (var end : new String[] {"-A_b", "-axb", "-50p"}) {
      api.post("/flows/", "{'name': '%s'}".formatted(name + end));
    }
    assertThat(flows(name + "-a_b")).containsExactly(name + "-A_b", name + "-axb");
    assertThat(flows(name + "-%b")).containsExactly(name + "-A_b", name + "-axb");
    assertThat(flows(name.toUpperCase(Locale.ROOT) + "-50")).containsExactly(name + "-50p");
    assertThat(flows(name + "-a\\\\_b")).isEmpty();
    assertThat(flows("")).isNotEmpty();
  }

  private List<String> flows(String like) {
    return names("/flows/filter", "{'flows': {'name': {'like_': '%s'}}}".formatted(like));
  }

  @Test
  void queues_that_start_with_none_of_an_empty_list_are_all() {
    api.post("/work_pools/", "{'name': '%s'}".formatted(name));
    api.post("/work_pools/" + name + "/queues", "{'name': 'Quick'}");
    assertThat(queues("[]")).containsExactly("Quick", "default");
    assertThat(queues("['q']")).containsExactly("Quick");
    assertThat(queues("['DEF', '_ui']")).containsExactly("Quick", "default");
    assertThat(queues("['uick']")).isEmpty();
  }

  private List<String> queues(String startsWith) {
    return names(
        "/work_pools/" + name + "/queues/filter",
        "{'work_queues': {'name': {'startswith_': %s}}}".formatted(startsWith));
  }
}
