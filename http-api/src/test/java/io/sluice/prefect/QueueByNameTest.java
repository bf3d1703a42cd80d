package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A work queue asked for by its name alone")
class QueueByNameTest {

  @Test
  void is_of_any_pool_until_there_is_an_agent_pool() {
    try (var served = Served.start("", InstantSource.system())) {
      var api = served.api();
      api.post("/work_pools/", "{'name': 'laptop', 'type': 'process'}");
      var low = api.post("/work_pools/laptop/queues", "{'name': 'low'}").id();

      assertThat(api.get("/work_queues/name/low").id()).isEqualTo(low);
      assertThat(api.get("/work_queues/name/low").text("work_pool_name")).isEqualTo("laptop");
      assertThat(api.get("/work_queues/name/high").status()).isEqualTo(404);
      assertThat(api.get("/work_pools/default-agent-pool").status()).isEqualTo(404);

      var agents = api.post("/work_queues/", "{'name': 'high'}").id();
      assertThat(api.get("/work_queues/name/high").id()).isEqualTo(agents);
      assertThat(api.get("/work_queues/name/low").status()).isEqualTo(404);
    }
  }
}
