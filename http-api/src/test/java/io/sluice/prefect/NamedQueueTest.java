package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As Prefect 3.8.8 answers, seen on a server of it. */
@DisplayName("A work queue that is named without a work pool")
@ExtendWith(SharedNode.class)
class NamedQueueTest {
  private final String name = "named-" + UUID.randomUUID();
  private Asker api;
  private String flow;

  @BeforeEach
  void create(Asker api) {
    this.api = api;
    flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
  }

  private Asker.Reply deployment(String more) {
    return api.post(
        "/deployments/",
        "{'name': '%s', 'flow_id': '%s', 'enforce_parameter_schema': false%s}"
            .formatted(UUID.randomUUID(), flow, more));
  }

  private static void assertOnlyNamed(Asker.Reply shown, String queue) {
    assertThat(shown.json().required("work_queue_id").isNull()).isTrue();
    assertThat(shown.json().required("work_pool_name").isNull()).isTrue();
    assertThat(shown.json().required("work_queue_name").textValue()).isEqualTo(queue);
  }

  @Test
  void is_no_more_than_a_name_of_a_run() {
    var run =
        api.post("/flow_runs/", "{'flow_id': '%s', 'work_queue_name': '%s'}".formatted(flow, name));

    assertThat(run.status()).isEqualTo(201);
    assertOnlyNamed(run, name);
    assertOnlyNamed(api.get("/flow_runs/" + run.id()), name);
    var named = "{'flow_runs': {'work_queue_name': {'any_': ['%s']}}}".formatted(name);
    assertThat(api.post("/flow_runs/filter", named).json()).hasSize(1);
  }

  @Test
  void is_one_of_the_agents_for_a_deployment_and_its_runs() {
    var made = deployment(", 'work_queue_name': '%s'".formatted(name));

    assertThat(made.text("work_queue_name")).isEqualTo(name);
    assertThat(made.text("work_pool_name")).isEqualTo("default-agent-pool");
    var run = api.post("/deployments/%s/create_flow_run".formatted(made.id()), "{}");
    assertThat(run.text("work_queue_id")).isEqualTo(made.text("work_queue_id"));
  }

  @Test
  void stays_a_name_of_a_deployment_that_leaves_its_pool_and_of_its_runs() {
    api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(name));
    var made = deployment(", 'work_pool_name': '%s', 'work_queue_name': 'q'".formatted(name));
    api.patch("/deployments/" + made.id(), "{'work_pool_name': null}");

    assertOnlyNamed(api.get("/deployments/" + made.id()), "q");
    assertOnlyNamed(api.post("/deployments/%s/create_flow_run".formatted(made.id()), "{}"), "q");

    api.patch("/deployments/" + made.id(), "{'work_pool_name': '%s'}".formatted(name));
    api.patch("/deployments/" + made.id(), "{'work_pool_name': null}");
    assertOnlyNamed(api.get("/deployments/" + made.id()), null);
  }

  @Test
  void is_kept_for_new_runs_of_a_deployment_whose_queue_is_deleted() {
    api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(name));
    var made = deployment(", 'work_pool_name': '%s', 'work_queue_name': 'q'".formatted(name));
    assertThat(api.delete("/work_pools/%s/queues/q".formatted(name)).status()).isEqualTo(204);

    assertOnlyNamed(api.post("/deployments/%s/create_flow_run".formatted(made.id()), "{}"), "q");
  }
}
