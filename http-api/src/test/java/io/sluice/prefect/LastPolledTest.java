package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As Prefect 3.8.8 answers, seen on a server of it. */
@DisplayName("When a deployment was last polled")
@ExtendWith(SharedNode.class)
class LastPolledTest {
  private final String name = "polled-" + UUID.randomUUID();
  private Asker api;
  private Served served;

  @BeforeEach
  void create(Served served) {
    this.served = served;
    api = served.api().with("Prefer", "wait=0");
    api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(name));
    api.post("/work_pools/%s/queues".formatted(name), "{'name': 'q'}");
  }

  private String deployment() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    return api.post(
            "/deployments/",
            "{'name': 'd', 'flow_id': '%s', 'work_pool_name': '%s', 'work_queue_name': 'q'}"
                .formatted(flow, name))
        .id();
  }

  /** The queue's time of the poll, which is noted behind the answer. */
  private String poll() {
    var pools = served.node().owners().pools();
    var pool = pools.get(name).join();
    pools.polled(pool.pool().id(), List.of(pool.queue("q").orElseThrow().id())).join();
    return api.get("/work_pools/%s/queues/q".formatted(name)).text("last_polled");
  }

  private void assertShown(String deployment, String lastPolled, String status) {
    var shown = api.get("/deployments/" + deployment);
    assertThat(shown.json().required("last_polled").textValue()).isEqualTo(lastPolled);
    assertThat(shown.text("status")).isEqualTo(status);
  }

  @Test
  void is_not_before_it_was_made() {
    poll();
    var deployment = deployment();
    assertShown(deployment, null, "NOT_READY");
    assertShown(deployment, poll(), "READY");
  }

  @Test
  void stays_when_it_moves_to_a_queue_that_nobody_asks() {
    var deployment = deployment();
    var polled = poll();
    var elsewhere = "{'work_pool_name': '%s', 'work_queue_name': 'elsewhere'}".formatted(name);
    assertThat(api.patch("/deployments/" + deployment, elsewhere).status()).isEqualTo(204);
    poll();
    assertShown(deployment, polled, "READY");
  }
}
