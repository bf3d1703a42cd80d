package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As in Prefect 3.8.8 (server/schemas/actions.py). */
@DisplayName("Parameters")
@ExtendWith(SharedNode.class)
class ParametersTest {
  private static final String SCHEMA =
      "{'type': 'object', 'properties': {'x': {'type': 'string'}}, 'required': ['x', 'y']}";

  private final Asker api;
  private String flow;

  ParametersTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void flow() {
    flow = api.post("/flows/", "{'name': 'p-%s'}".formatted(UUID.randomUUID())).id();
  }

  private Asker.Reply deploy(String more) {
    return api.post(
        "/deployments/",
        "{'name': '%s', 'flow_id': '%s', %s}".formatted(UUID.randomUUID(), flow, more));
  }

  private static String message(Asker.Reply refused) {
    assertThat(refused.status()).isEqualTo(422);
    return refused.json().at("/exception_detail/0/msg").textValue();
  }

  @Test
  void of_a_new_deployment_must_fit_if_it_says_so() {
    var wrong = "'parameter_openapi_schema': %s, 'parameters': {'x': 1}".formatted(SCHEMA);
    assertThat(message(deploy(wrong + ", 'enforce_parameter_schema': true")))
        .isEqualTo(
            "Value error, Validation failed for field 'x'. Failure reason: 1 is not of type"
                + " 'string'");
    assertThat(deploy(wrong).status()).isEqualTo(201);
    assertThat(deploy(wrong.replace("1}", "'a'}") + ", 'enforce_parameter_schema': true").status())
        .as("the missing one may be given by its runs")
        .isEqualTo(201);
  }

  @Test
  void of_a_new_deployment_must_have_a_schema_that_is_one_if_they_must_fit() {
    var broken = "'parameter_openapi_schema': {'type': 5}, 'parameters': {}";
    assertThat(message(deploy(broken + ", 'enforce_parameter_schema': true")))
        .startsWith("Value error, The provided schema is not a valid json schema. Schema error: ");
    assertThat(deploy(broken).status()).isEqualTo(201);
  }

  @Test
  void are_bounded() {
    int aroundText = "{\"x\":\"\"}".length();
    var most = "{'x': '%s'}".formatted("a".repeat(524_288 - aroundText));
    var tooMuch = most.replace("'}", "a'}");
    var bound =
        "Value error, Flow run parameters must be less than 524,288 bytes when serialized (got"
            + " 524,289 bytes).";
    var run = "{'flow_id': '%s', 'parameters': %s}";
    assertThat(api.post("/flow_runs/", run.formatted(flow, most)).status()).isEqualTo(201);
    assertThat(message(api.post("/flow_runs/", run.formatted(flow, tooMuch)))).isEqualTo(bound);
    assertThat(message(deploy("'parameters': " + tooMuch))).isEqualTo(bound);
    var deployment = "/deployments/" + deploy("'parameters': {}").id();
    var given = "{'parameters': %s}".formatted(tooMuch);
    assertThat(message(api.post(deployment + "/create_flow_run", given))).isEqualTo(bound);
    assertThat(message(api.patch(deployment, given))).isEqualTo(bound);
  }
}
