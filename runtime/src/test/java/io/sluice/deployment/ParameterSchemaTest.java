package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The schema of a flow's parameters")
class ParameterSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final JsonNode schema =
      json(
          """
          {"type": "object", "required": ["n"],
           "properties": {"n": {"type": "integer"}, "name": {"type": "string"}}}
          """);

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  private List<String> problems(String parameters, boolean ignoreRequired) {
    return ParameterSchema.problems(schema, json(parameters), ignoreRequired);
  }

  @Test
  void finds_nothing_wrong_with_parameters_that_fit() {
    assertThat(problems("{\"n\": 1, \"name\": \"x\"}", false)).isEmpty();
  }

  @Test
  void names_each_parameter_that_does_not_fit() {
    var problems = problems("{\"n\": \"one\", \"name\": 2}", false);
    assertThat(problems).hasSize(2).isSorted();
    assertThat(problems.get(0)).contains("n");
    assertThat(problems.get(1)).contains("name");
  }

  @Test
  void misses_required_parameters_unless_runs_may_give_them() {
    assertThat(problems("{}", false)).hasSize(1);
    assertThat(problems("{}", true)).isEmpty();
    assertThat(problems("{\"n\": \"one\"}", true)).hasSize(1);
  }

  private static JsonNode quoted(String text) {
    return json(text.replace('\'', '"'));
  }

  @Test
  void that_refers_to_another_place_cannot_be_used_and_nothing_is_fetched() throws IOException {
    var asked = new AtomicInteger();
    var elsewhere = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    elsewhere.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
        });
    elsewhere.start();
    try {
      var url = "http://127.0.0.1:%d/schema.json".formatted(elsewhere.getAddress().getPort());
      var there = quoted("{'properties': {'x': {'$ref': '%s'}}}".formatted(url));
      assertThat(ParameterSchema.problems(there, quoted("{'x': 1}"), false)).hasSize(1);
      assertThat(asked).hasValue(0);
    } finally {
      elsewhere.stop(0);
    }
  }

  @Test
  void is_not_changed_by_a_check() {
    var before = schema.deepCopy();
    problems("{}", true);
    assertThat(schema).isEqualTo(before);
  }

  @Test
  void that_cannot_be_used_is_a_problem_and_no_failure() {
    var broken = json("{\"type\": 5, \"$ref\": \"#/nowhere\"}");
    assertThat(ParameterSchema.problems(broken, json("{}"), false)).isNotEmpty();
  }

  // ---- of a deployment ----

  private static DeploymentSpec spec(JsonNode schema, String parameters) {
    var spec = new DeploymentSpec.Builder();
    spec.name = "nightly";
    spec.parameterSchema = schema;
    spec.parameters = json(parameters);
    return spec.build();
  }

  @Test
  void refuses_parameters_of_a_deployment_that_do_not_fit() {
    assertThatThrownBy(
            () -> ParameterSchema.check("Error deploying", spec(schema, "{\"n\": \"one\"}")))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.why()).isInstanceOf(Rejection.BadParameters.class))
        .hasMessageStartingWith("Error deploying: Validation failed. ");
  }

  @Test
  void lets_a_deployment_leave_parameters_to_its_runs() {
    assertThatCode(() -> ParameterSchema.check("Error deploying", spec(schema, "{}")))
        .doesNotThrowAnyException();
  }

  @Test
  void must_be_there_if_it_is_enforced() {
    for (var none : new JsonNode[] {null, json("null"), json("[]")}) {
      assertThatThrownBy(() -> ParameterSchema.check("Error deploying", spec(none, "{}")))
          .hasMessageContaining("'nightly' enforces a parameter schema but has none");
    }
  }
}
