package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As Prefect 3.8.8 answers, seen on a server of it. */
@DisplayName("Whoever is in a work queue that is deleted")
@ExtendWith(SharedNode.class)
class DeletedQueueRoutesTest {
  private static final List<String> PLACE =
      List.of("work_queue_id", "work_pool_id", "work_pool_name");

  private final String name = "gone-" + UUID.randomUUID();
  private Asker api;
  private String flow;

  @BeforeEach
  void create(Asker api) {
    this.api = api;
    flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(name));
    api.post("/work_pools/%s/queues".formatted(name), "{'name': 'q'}");
  }

  private String deployment(String queue) {
    var place = queue == null ? "" : ", 'work_queue_name': '%s'".formatted(queue);
    return api.post(
            "/deployments/",
            "{'name': '%s', 'flow_id': '%s', 'enforce_parameter_schema': false, 'work_pool_name': '%s'%s}"
                .formatted(UUID.randomUUID(), flow, name, place))
        .id();
  }

  private Asker.Reply runOf(String deployment) {
    return api.post("/deployments/%s/create_flow_run".formatted(deployment), "{}");
  }

  private void deleteQueue() {
    assertThat(api.delete("/work_pools/%s/queues/q".formatted(name)).status()).isEqualTo(204);
  }

  private static void assertNowhere(JsonNode shown, String nameLeft) {
    PLACE.forEach(field -> assertThat(shown.path(field).textValue()).as(field).isNull());
    assertThat(shown.required("work_queue_name").textValue()).isEqualTo(nameLeft);
  }

  @Test
  void keeps_of_it_the_name_it_asked_for() {
    var deployment = deployment("q");
    var run = runOf(deployment).id();
    assertThat(api.get("/flow_runs/" + run).text("work_pool_name")).isEqualTo(name);

    deleteQueue();

    assertNowhere(api.get("/flow_runs/" + run).json(), "q");
    assertNowhere(api.get("/deployments/" + deployment).json(), "q");
  }

  @Test
  void keeps_nothing_of_the_default_queue_of_a_pool_that_is_deleted() {
    var deployment = deployment(null);
    var run = runOf(deployment).id();
    assertThat(api.get("/flow_runs/" + run).text("work_queue_name")).isEqualTo("default");

    assertThat(api.delete("/work_pools/" + name).status()).isEqualTo(204);

    assertNowhere(api.get("/flow_runs/" + run).json(), null);
    assertNowhere(api.get("/deployments/" + deployment).json(), null);
  }

  @Test
  void is_listed_as_before_but_not_by_the_pool() {
    var deployment = deployment("q");
    var run = runOf(deployment).id();
    var ofDeployment = "{'deployments': {'id': {'any_': ['%s']}}}".formatted(deployment);
    var ofPool = "{'work_pools': {'name': {'any_': ['%s']}}}".formatted(name);
    deleteQueue();

    for (var listing : List.of("/flow_runs/filter", "/flow_runs/paginate")) {
      var listed = api.post(listing, ofDeployment).json();
      var runs = listed.has("results") ? listed.path("results") : listed;
      assertThat(runs).hasSize(1);
      assertThat(runs.get(0).required("id").textValue()).isEqualTo(run);
      assertNowhere(runs.get(0), "q");
    }
    assertThat(api.post("/flow_runs/filter", ofPool).json()).isEmpty();
    var waiting = "{'deployment_ids': ['%s']}".formatted(deployment);
    var served = api.post("/deployments/get_scheduled_flow_runs", waiting).json();
    assertThat(served).hasSize(1);
    assertNowhere(served.get(0), "q");
  }

  @Test
  void may_not_name_another_queue_of_its_pool() {
    var deployment = deployment("q");
    deleteQueue();

    var refused =
        api.post(
            "/deployments/%s/create_flow_run".formatted(deployment), "{'work_queue_name': 'r'}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(runOf(deployment).status()).isEqualTo(201);
  }
}
