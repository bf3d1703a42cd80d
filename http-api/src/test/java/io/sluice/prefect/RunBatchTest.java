package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import io.sluice.http.Asker.Reply;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Many runs of a deployment at once")
@ExtendWith(SharedNode.class)
@Timeout(60)
class RunBatchTest {
  private static final String SCHEMA =
      "{'type': 'object', 'properties': {'x': {'type': 'integer'}}, 'required': ['x']}";

  private final Asker api;
  private final String pool = "pool-" + UUID.randomUUID();
  private String deployment;

  RunBatchTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void create() {
    var flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(UUID.randomUUID())).id();
    api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(pool));
    deployment =
        api.post(
                "/deployments/",
                ("{'name': 'd', 'flow_id': '%s', 'work_pool_name': '%s', 'tags': ['t'],"
                        + " 'enforce_parameter_schema': true, 'parameter_openapi_schema': %s}")
                    .formatted(flow, pool, SCHEMA))
            .id();
  }

  private Reply ask(String items) {
    return api.post("/sluice/deployments/%s/create_flow_runs".formatted(deployment), items);
  }

  private static String items(int count, String more) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{'name': 'n%d', 'parameters': {'x': %1$d}%s}".formatted(i, more))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private int runs() {
    return api.post(
            "/flow_runs/count", "{'deployments': {'id': {'any_': ['%s']}}}".formatted(deployment))
        .json()
        .intValue();
  }

  private static List<String> ids(Reply made) {
    var ids = new ArrayList<String>();
    made.json().path("flow_run_ids").forEach(id -> ids.add(id.textValue()));
    return ids;
  }

  @Test
  void are_created_as_one_by_one_and_handed_out_in_their_order() {
    var made = ask(items(300, ", 'tags': ['own']"));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().path("created").intValue()).isEqualTo(300);
    assertThat(ids(made)).hasSize(300).doesNotHaveDuplicates().isSorted();
    var run = api.get("/flow_runs/" + ids(made).get(7));
    assertThat(run.text("name")).isEqualTo("n7");
    assertThat(run.json().path("parameters").path("x").intValue()).isEqualTo(7);
    assertThat(run.json().path("tags").toString()).isEqualTo("[\"t\",\"own\"]");
    assertThat(run.text("state_type")).isEqualTo("SCHEDULED");
    assertThat(run.text("work_pool_name")).isEqualTo(pool);
    assertThat(api.get("/flow_run_states/?flow_run_id=" + run.id()).json()).hasSize(1);
    var due =
        api.post(
                "/work_pools/%s/get_scheduled_flow_runs".formatted(pool),
                "{'work_queue_names': [], 'limit': 200}")
            .json();
    var order = new ArrayList<String>();
    due.forEach(each -> order.add(each.at("/flow_run/id").textValue()));
    assertThat(order).isEqualTo(ids(made).subList(0, 200));
    assertThat(api.post("/flow_runs/" + run.id() + "/set_state", "{'state': {'type': 'PENDING'}}"))
        .matches(reply -> reply.text("status").equals("ACCEPT"));
  }

  @Test
  void go_to_the_queues_that_they_name_which_are_made() {
    var made = ask(items(3, ", 'work_queue_name': 'new'"));
    assertThat(api.get("/flow_runs/" + ids(made).get(2)).text("work_queue_name")).isEqualTo("new");
  }

  @Test
  void are_those_of_an_earlier_request_with_the_same_keys() {
    var first = "{'parameters': {'x': 1}, 'idempotency_key': 'a'}";
    var second = "{'parameters': {'x': 1}, 'idempotency_key': 'b'}";
    var made = ask("[%s]".formatted(first));
    var again = ask("[%s, %s, %s]".formatted(second, first, second));
    assertThat(again.json().path("created").intValue()).isEqualTo(1);
    assertThat(ids(again)).hasSize(3);
    assertThat(ids(again).get(1)).isEqualTo(ids(made).get(0));
    assertThat(ids(again).get(0)).isEqualTo(ids(again).get(2));
    assertThat(runs()).isEqualTo(2);
  }

  @Test
  void are_none_if_one_of_them_cannot_be() {
    var refused =
        ask(
            "[{'parameters': {'x': 1}}, {'parameters': {'x': 'one'}, 'work_queue_name': 'q'},"
                + " {'parameters': {}}]");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail"))
        .startsWith("2 flow runs cannot be created, so none was. The first is that at index 1: ");
    assertThat(indexes(refused.json().path("errors"))).containsExactly(1, 2);
    assertThat(runs()).isZero();
    assertThat(api.get("/work_pools/%s/queues/q".formatted(pool)).status()).isEqualTo(404);
    assertThat(ask("[{'parameters': {'x': 1}, 'unknown': 1}]").status()).isEqualTo(422);
    assertThat(runs()).isZero();
  }

  private static List<Integer> indexes(JsonNode errors) {
    var indexes = new ArrayList<Integer>();
    errors.forEach(error -> indexes.add(error.path("index").intValue()));
    return indexes;
  }

  @Test
  void are_of_a_deployment_that_exists() {
    deployment = UUID.randomUUID().toString();
    assertThat(ask(items(1, "")).status()).isEqualTo(404);
  }

  @Test
  void are_bounded_in_number() {
    try (var small = Served.start("sluice.http.create-runs-max = 2", InstantSource.system())) {
      var there = new RunBatchTest(small.api());
      there.create();
      assertThat(there.ask(items(2, "")).status()).isEqualTo(201);
      var refused = there.ask(items(3, ""));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("detail")).startsWith("3 flow runs are asked for, at most 2 can be");
      assertThat(there.runs()).isEqualTo(2);
    }
  }
}
