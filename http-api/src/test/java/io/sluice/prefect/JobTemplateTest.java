package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Json;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The base job template of a work pool")
class JobTemplateTest {
  private static final String KEYS = "must contain both a `job_configuration` key";

  private static String problem(String template) {
    return JobTemplate.problem(Json.read(template.replace('\'', '"'))).orElse("fine");
  }

  private static String using(String placeholder) {
    return problem(
        "{'job_configuration': {'a': '%s'}, 'variables': {'properties': {'a': {}}}}"
            .formatted(placeholder));
  }

  @Test
  void is_empty_or_has_a_job_and_its_variables() {
    assertThat(problem("{}")).isEqualTo("fine");
    assertThat(problem("{'job_configuration': {'a': 1}}")).contains(KEYS);
    assertThat(problem("{'job_configuration': {}, 'variables': {}}")).contains(KEYS);
    assertThat(problem("{'job_configuration': [], 'variables': {'properties': {}}}"))
        .contains(KEYS);
    assertThat(using("{{ a }}")).isEqualTo("fine");
  }

  @Test
  void declares_whatever_stands_in_braces() {
    assertThat(using("{{ b }}")).endsWith("not declared in `variables`: b");
    assertThat(using("{{ prefect.blocks.x.y }}")).endsWith(": prefect.blocks.x.y");
    assertThat(using("{{ $ENV }}")).endsWith(": $ENV");
  }
}
