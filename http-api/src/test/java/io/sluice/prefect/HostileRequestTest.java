package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What cluster-config's fuzz.py found, one test for each symptom. */
@DisplayName("A request that no client should send")
@ExtendWith(SharedNode.class)
class HostileRequestTest {
  private final Asker api;
  private final String name = "h" + UUID.randomUUID().toString().replace("-", "");

  HostileRequestTest(Asker api) {
    this.api = api;
  }

  private void refused(String path, String body) {
    assertThat(api.post(path, body).status()).as("%s %.80s", path, body).isEqualTo(422);
  }

  @Test
  void makes_no_deployment_if_a_schedule_of_it_says_not_when() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    refused(
        "/deployments/",
        "{'name': 'd', 'flow_id': '%s', 'schedules': [{'replaces': 'x'}]}".formatted(flow));
    assertThat(api.get("/deployments/name/" + name + "/d").status()).isEqualTo(404);
  }
}
