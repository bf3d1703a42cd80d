package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An object that stands for a value")
class HydrationTest {
  private static final Map<String, JsonNode> VARIABLES =
      Map.of("seven", IntNode.valueOf(7), "nothing", NullNode.instance);

  /** Single quotes stand for double ones. */
  private static JsonNode json(String json) {
    try {
      return new ObjectMapper().readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  private static void assertMeans(String given, String meant) {
    assertThat(new Hydration(VARIABLES).of(json(given))).isEqualTo(json(meant));
  }

  private static void assertImpossible(String given, String why) {
    assertThatExceptionOfType(Hydration.Impossible.class)
        .isThrownBy(() -> new Hydration(VARIABLES).of(json(given)))
        .withMessageContaining(why);
  }

  @Test
  void is_replaced_wherever_it_is() {
    assertMeans(
        "{'a': [{'__prefect_kind': 'json', 'value': '[1, 2]'}], 'b': {'c': {'__prefect_kind':"
            + " 'workspace_variable', 'variable_name': 'seven'}}, 'd': 'x'}",
        "{'a': [[1, 2]], 'b': {'c': 7}, 'd': 'x'}");
    assertMeans("{'__prefect_kind': 'json', 'value': '{}'}", "{}");
  }

  @Test
  void may_be_within_another_one() {
    assertMeans(
        "{'a': {'__prefect_kind': 'none', 'value': {'b': {'__prefect_kind': 'json', 'value':"
            + " '1'}}}}",
        "{'a': {'b': 1}}");
    assertMeans(
        "{'a': {'__prefect_kind': 'json', 'value': {'__prefect_kind': 'jinja', 'template': '5'}}}",
        "{'a': 5}");
    assertMeans("{'a': {'__prefect_kind': 'json', 'value': [1]}}", "{'a': [1]}");
  }

  @Test
  void is_left_out_if_it_says_nothing() {
    assertMeans("{'a': {'__prefect_kind': 'json'}, 'b': 1}", "{'b': 1}");
    assertMeans("[{'__prefect_kind': 'workspace_variable'}, 1]", "[1]");
    assertMeans("{'__prefect_kind': 'json'}", "{}");
  }

  @Test
  void of_a_kind_that_nobody_knows_is_its_value() {
    assertMeans("{'a': {'__prefect_kind': 'new', 'value': 1}}", "{'a': 1}");
    assertMeans("{'a': {'__prefect_kind': null}}", "{'a': null}");
  }

  @Test
  void may_be_a_variable_that_is_null() {
    assertMeans(
        "{'a': {'__prefect_kind': 'workspace_variable', 'variable_name': 'nothing'}}",
        "{'a': null}");
  }

  @Test
  void cannot_be_told_if_it_is_wrong() {
    assertImpossible("{'a': {'__prefect_kind': 'json', 'value': '{'}}", "Invalid JSON");
    assertImpossible("{'a': {'__prefect_kind': 'json', 'value': ''}}", "Invalid JSON");
    assertImpossible("{'a': {'__prefect_kind': 'json', 'value': '1 2'}}", "Invalid JSON");
    assertImpossible(
        "{'a': {'__prefect_kind': 'json', 'value': '%s1%s'}}"
            .formatted("[".repeat(300), "]".repeat(300)),
        "Invalid JSON");
    assertImpossible(
        "{'a': {'__prefect_kind': 'workspace_variable', 'variable_name': 'eight'}}",
        "Variable 'eight' not found in workspace.");
    assertImpossible("{'a': {'__prefect_kind': 'none'}}", "Missing 'value'");
    assertImpossible("{'a': {'__prefect_kind': 'jinja'}}", "Missing 'template'");
  }

  @Test
  void is_not_rendered_but_refused_as_a_template() {
    assertMeans("{'a': {'__prefect_kind': 'jinja', 'template': 'plain'}}", "{'a': 'plain'}");
    assertImpossible("{'a': {'__prefect_kind': 'jinja', 'template': '{{ 1 }}'}}", "not rendered");
  }

  @Test
  void is_looked_for_before_anything_is_read() {
    assertThat(Hydration.isNeeded(json("{'a': [{'b': 1}]}"))).isFalse();
    assertThat(Hydration.isNeeded(json("{'a': [{'__prefect_kind': 'json'}]}"))).isTrue();
    assertThat(
            Hydration.variablesIn(
                json(
                    "{'a': [{'__prefect_kind': 'workspace_variable', 'variable_name': 'x'}],"
                        + " 'variable_name': 'no'}")))
        .containsExactly("x");
  }
}
