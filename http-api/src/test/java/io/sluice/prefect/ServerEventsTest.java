package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As models/events.py and events/schemas/lifecycle.py of Prefect 3.8.8 make them. */
@DisplayName("The server's own events")
@ExtendWith(SharedNode.class)
class ServerEventsTest {
  private final Asker api;
  private final String thing = "t" + UUID.randomUUID();

  ServerEventsTest(Asker api) {
    this.api = api;
  }

  /** The events of a resource, oldest first, once there are {@code count}. */
  private List<JsonNode> told(String resource, int count) {
    var found = new ArrayList<JsonNode>();
    var asked =
        "{'filter': {'resource': {'id': ['%s']}, 'order': 'ASC'}, 'limit': 50}".formatted(resource);
    // Whoever changes something is answered before its event is published.
    HeldRequestTest.await(
        () -> {
          found.clear();
          api.post("/events/filter", asked).json().get("events").forEach(found::add);
          return found.size() >= count;
        },
        Duration.ofSeconds(20));
    return found;
  }

  private String pool(String more) {
    return api.post("/work_pools/", "{'name': '%s', 'type': 'process'%s}".formatted(thing, more))
        .id();
  }

  private static List<String> related(JsonNode event) {
    return StreamSupport.stream(event.path("related").spliterator(), false)
        .map(ServerEventsTest::brief)
        .toList();
  }

  private static String brief(JsonNode resource) {
    return resource.path("prefect.resource.role").asText()
        + " "
        + resource.path("prefect.resource.id").asText()
        + " "
        + resource.path("prefect.resource.name").asText("");
  }

  @Test
  void tell_what_a_flow_run_has_to_do_with() {
    var pool = pool("");
    var queue = api.get("/work_pools/" + thing + "/queues/default").id();
    var flow = api.post("/flows/", "{'name': 'f%s', 'tags': ['c', 'a']}".formatted(thing)).id();
    var deployment =
        api.post(
                "/deployments/",
                "{'name': 'd', 'flow_id': '%s', 'work_pool_name': '%s', 'tags': ['b', 'a']}"
                    .formatted(flow, thing))
            .id();
    var run = api.post("/deployments/" + deployment + "/create_flow_run", "{'tags': ['d']}").id();
    var event = told("prefect.flow-run." + run, 1).get(0);
    assertThat(event.path("event").textValue()).isEqualTo("prefect.flow-run.Scheduled");
    assertThat(related(event))
        .containsExactly(
            "flow prefect.flow." + flow + " f" + thing,
            "deployment prefect.deployment." + deployment + " d",
            "work-queue prefect.work-queue." + queue + " default",
            "work-pool prefect.work-pool." + pool + " " + thing,
            "tag prefect.tag.a ",
            "tag prefect.tag.b ",
            "tag prefect.tag.c ",
            "tag prefect.tag.d ");
    assertThat(event.path("related").path(3).path("prefect.work-pool.type").textValue())
        .isEqualTo("process");
  }
}
