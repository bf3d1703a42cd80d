package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As in Prefect 3.8.8 (server/api/deployments.py). */
@DisplayName("Parameters that stand for others")
@ExtendWith(SharedNode.class)
class HydrationRoutesTest {
  private static final String LIST = "{'__prefect_kind': 'json', 'value': '[1, 2]'}";

  private final Asker api;
  private final String name = "hydrate-" + UUID.randomUUID();
  private String flow;

  HydrationRoutesTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void flow() {
    flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    api.post("/variables/", "{'name': '%s', 'value': {'v': 7}}".formatted(name));
  }

  private Asker.Reply deploy(String parameters) {
    return api.post(
        "/deployments/",
        "{'name': 'd', 'flow_id': '%s', 'parameters': %s}".formatted(flow, parameters));
  }

  private Asker.Reply run(String parameters) {
    return api.post(
        "/deployments/" + deploy("{'b': 1}").id() + "/create_flow_run",
        "{'parameters': %s}".formatted(parameters));
  }

  @Test
  void are_told_when_a_run_is_created() {
    var variable = "{'__prefect_kind': 'workspace_variable', 'variable_name': '%s'}";
    var made = run("{'a': %s, 'c': %s}".formatted(LIST, variable.formatted(name)));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("parameters").toString())
        .isEqualTo("{\"b\":1,\"a\":[1,2],\"c\":{\"v\":7}}");
  }

  @Test
  void are_kept_when_a_deployment_is_created_and_told_when_it_is_changed() {
    var parameters = "{'a': %s}".formatted(LIST);
    var made = deploy(parameters);
    assertThat(made.json().at("/parameters/a/__prefect_kind").asText()).isEqualTo("json");
    var path = "/deployments/" + made.id();
    assertThat(api.patch(path, "{'parameters': %s}".formatted(parameters)).status()).isEqualTo(204);
    assertThat(api.get(path).json().at("/parameters/a/1").asInt()).isEqualTo(2);
    assertThat(api.patch(path, "{'tags': ['t']}").status()).isEqualTo(204);
    assertThat(api.get(path).json().at("/parameters/a/1").asInt()).isEqualTo(2);
  }

  @Test
  void are_refused_if_they_cannot_be_told() {
    var run = run("{'a': {'__prefect_kind': 'workspace_variable', 'variable_name': 'none'}}");
    assertThat(run.status()).isEqualTo(400);
    assertThat(run.text("detail"))
        .isEqualTo("Error hydrating flow run parameters: Variable 'none' not found in workspace.");
    var deployment =
        api.patch(
            "/deployments/" + deploy("{}").id(),
            "{'parameters': {'a': {'__prefect_kind': 'json', 'value': '{'}}}");
    assertThat(deployment.status()).isEqualTo(400);
    assertThat(deployment.text("detail"))
        .startsWith("Error hydrating deployment parameters: Invalid JSON: ");
  }
}
