package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.rejection.Refused;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Job variables")
class JobVariablesTest {
  private static final String NAMED =
      """
      {"variables": {"type": "object", "required": ["image"], "properties": {
        "image": {"type": "string"},
        "cpu": {"type": "integer", "default": 1},
        "label": {"type": "string"}}}}
      """;

  private static JsonNode json(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  private static void check(String template, boolean complete, String... given) {
    var all = Arrays.stream(given).map(JobVariablesTest::json).toList();
    JobVariables.check("Error creating flow run", json(template), complete, all);
  }

  @Test
  void of_a_run_must_be_complete() {
    assertThatThrownBy(() -> check(NAMED, true, "{}"))
        .isInstanceOf(Refused.class)
        .hasMessageStartingWith("Error creating flow run: ")
        .hasMessageContaining("image");
    assertThatCode(() -> check(NAMED, true, "{\"image\": \"a\"}")).doesNotThrowAnyException();
  }

  @Test
  void of_a_deployment_may_leave_the_rest_to_its_runs() {
    assertThatCode(() -> check(NAMED, false, "{}")).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(NAMED, false, "{\"cpu\": \"two\"}")).hasMessageContaining("cpu");
  }

  @Test
  void given_later_override_earlier_ones() {
    assertThatCode(() -> check(NAMED, true, "{\"image\": 7}", "{\"image\": \"a\"}"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(NAMED, true, "{\"image\": \"a\"}", "{\"image\": 7}"))
        .hasMessageContaining("image");
  }

  @Test
  void may_be_null_unless_they_are_required() {
    assertThatCode(() -> check(NAMED, true, "{\"image\": \"a\", \"label\": null}"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(NAMED, true, "{\"image\": null}")).hasMessageContaining("image");
    assertThatCode(() -> check(NAMED, true, "{\"image\": \"a\", \"cpu\": null}"))
        .as("also one with a default")
        .doesNotThrowAnyException();
    var either = NAMED.replace("\"type\": \"integer\"", "\"type\": [\"integer\", \"string\"]");
    assertThatCode(() -> check(either, true, "{\"image\": \"a\", \"cpu\": null}"))
        .doesNotThrowAnyException();
    var closed = NAMED.replace("\"type\": \"integer\"", "\"anyOf\": [{\"type\": \"integer\"}]");
    assertThatThrownBy(() -> check(closed, true, "{\"image\": \"a\", \"cpu\": null}"))
        .as("only its type is widened")
        .hasMessageContaining("cpu");
  }

  @Test
  void are_refused_if_the_schema_is_none() {
    var none = NAMED.replace("\"integer\"", "5");
    assertThatThrownBy(() -> check(none, true, "{\"image\": \"a\"}"))
        .hasMessageStartingWith("Invalid schema: ");
  }

  @Test
  void of_a_new_pool_have_defaults_that_fit() {
    assertThatCode(() -> JobVariables.checkDefaults(json(NAMED))).doesNotThrowAnyException();
    var broken = NAMED.replace("\"default\": 1", "\"default\": \"one\"");
    assertThatThrownBy(() -> JobVariables.checkDefaults(json(broken)))
        .hasMessageStartingWith(
            "Validation failed for work pool's job variable defaults: Validation failed for field"
                + " 'cpu'.");
    assertThatCode(() -> JobVariables.checkDefaults(json("{}"))).doesNotThrowAnyException();
  }

  @Test
  void are_not_missed_if_a_default_of_the_template_is_broken() {
    var broken = NAMED.replace("\"default\": 1", "\"default\": \"one\"");
    assertThatCode(() -> check(broken, true, "{}")).doesNotThrowAnyException();
    var none = NAMED.replace("\"default\": 1", "\"default\": null");
    assertThatCode(() -> check(none, true, "{}")).doesNotThrowAnyException();
  }

  @Test
  void fit_a_template_without_variables() {
    assertThatCode(() -> check("{}", true, "{\"a\": 1}", "null")).doesNotThrowAnyException();
  }
}
