package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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

  @TestFactory
  Stream<DynamicTest> says_what_is_wrong_as_prefect_does() {
    return Stream.of(
            new String[] {"{'type': 'string'}", "1", "1 is not of type 'string'"},
            new String[] {
              "{'type': ['string', 'null']}", "[]", "[] is not of type 'string', 'null'"
            },
            new String[] {"{'enum': ['a', 2, null]}", "true", "True is not one of ['a', 2, None]"},
            new String[] {"{'const': {'a': [1]}}", "2", "{'a': [1]} was expected"},
            new String[] {"{'minimum': 2}", "1.5", "1.5 is less than the minimum of 2"},
            new String[] {"{'maximum': 2}", "3", "3 is greater than the maximum of 2"},
            new String[] {
              "{'exclusiveMinimum': 2}", "2", "2 is less than or equal to the minimum of 2"
            },
            new String[] {
              "{'exclusiveMaximum': 2}", "2", "2 is greater than or equal to the maximum of 2"
            },
            new String[] {"{'multipleOf': 2}", "3", "3 is not a multiple of 2"},
            new String[] {"{'minLength': 2}", "'a'", "'a' is too short"},
            new String[] {"{'maxItems': 1}", "[1, 2]", "[1, 2] is too long"},
            new String[] {"{'uniqueItems': true}", "[1, 1]", "[1, 1] has non-unique elements"},
            new String[] {"{'pattern': '^a$'}", "'b'", "'b' does not match '^a$'"},
            new String[] {"{'required': ['z']}", "{}", "'z' is a required property"},
            new String[] {
              "{'additionalProperties': false}",
              "{'y': 1}",
              "Additional properties are not allowed ('y' was unexpected)"
            })
        .map(row -> dynamicTest(row[2], () -> says(row[0], row[1], row[2])));
  }

  private static void says(String rule, String value, String reason) {
    var inside = quoted("{'properties': {'x': %s}, 'required': ['x']}".formatted(rule));
    var problems = ParameterSchema.problems(inside, quoted("{'x': %s}".formatted(value)), false);
    assertThat(problems)
        .containsExactly("Validation failed for field 'x'. Failure reason: " + reason);
  }

  private static JsonNode quoted(String text) {
    return json(text.replace('\'', '"'));
  }

  @Test
  void misses_nothing_on_any_level_if_runs_may_give_it() {
    var nested =
        quoted(
            "{'properties': {'who': {'allOf': [{'$ref': '#/definitions/Person'}]}},"
                + " 'required': ['who'],"
                + " 'definitions': {'Person': {'type': 'object', 'required': ['name']}}}");
    assertThat(ParameterSchema.problems(nested, quoted("{'who': {}}"), true)).isEmpty();
    assertThat(ParameterSchema.problems(nested, quoted("{'who': {}}"), false))
        .containsExactly(
            "Validation failed for field 'who'. Failure reason: 'name' is a required property");
  }

  @Test
  void lets_null_stand_for_what_need_not_be_given() {
    var optional = quoted("{'properties': {'x': {'type': 'string'}}}");
    assertThat(ParameterSchema.problems(optional, quoted("{'x': null}"), false)).isEmpty();
    assertThat(ParameterSchema.problems(optional, quoted("{'x': 1}"), false)).hasSize(1);
    var byDefault = quoted("{'properties': {'x': {'type': 'string', 'default': 'a'}}}");
    assertThat(ParameterSchema.problems(byDefault, quoted("{'x': null}"), false)).hasSize(1);
  }

  @Test
  void lets_a_block_be_given_by_its_id() {
    var block =
        quoted(
            "{'properties': {'key': {'$ref': '#/definitions/Key'}}, 'required': ['key'],"
                + " 'definitions': {'Key': {'title': 'Key', 'block_type_slug': 'key',"
                + " 'type': 'object', 'required': ['secret']}}}");
    assertThat(ParameterSchema.problems(block, quoted("{'key': {'$ref': 'an-id'}}"), false))
        .isEmpty();
    assertThat(ParameterSchema.problems(block, quoted("{'key': {'a': 1}}"), false)).isNotEmpty();
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
  void that_refers_to_itself_without_end_is_a_problem_and_no_failure() {
    var circular =
        quoted(
            "{'properties': {'x': {'$ref': '#/definitions/A'}},"
                + " 'definitions': {'A': {'$ref': '#/definitions/A'}}}");
    assertThat(ParameterSchema.problems(circular, quoted("{'x': 1}"), false)).hasSize(1);
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
        .hasMessage(
            "Error deploying: Validation failed for field 'n'. Failure reason: 'one' is not of type"
                + " 'integer'");
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
