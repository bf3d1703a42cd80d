package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The check of a template")
class TemplateCheckTest {
  private static String problem(String template) {
    return TemplateCheck.problem(template)
        .map(problem -> problem.line() + ": " + problem.message())
        .orElse("fine");
  }

  @Test
  void accepts_what_is_closed_and_nested_properly() {
    var good =
        List.of(
            "",
            "plain } }} %} {",
            "{{ a }}",
            "{{ {'a': {'b': 1}}['a'] }}",
            "{{ '}}' }} {{ \"{%\" }}",
            "{% if a %}x{% elif b %}y{% else %}z{% endif %}",
            "{%- for x in y -%}{{ x }}{%- endfor -%}",
            "{% set a = {'x': {}} %}{# {{ #}",
            "{% raw %}{{ {% nope %} {% endraw %}");
    assertThat(good).allSatisfy(template -> assertThat(problem(template)).isEqualTo("fine"));
  }

  @Test
  void says_what_is_not_closed() {
    assertThat(problem("{{ a"))
        .isEqualTo("1: unexpected end of template, expected 'end of print statement'.");
    assertThat(problem("a\n{% if x"))
        .isEqualTo("2: unexpected end of template, expected 'end of statement block'.");
    assertThat(problem("{# a"))
        .isEqualTo("1: unexpected end of template, expected 'end of comment'.");
    assertThat(problem("{% for x in y %}"))
        .isEqualTo("1: Unexpected end of template: 'for' is not closed by 'endfor'.");
  }

  @Test
  void says_what_is_unknown_or_misplaced() {
    assertThat(problem("{% nope %}")).isEqualTo("1: Encountered unknown tag 'nope'.");
    assertThat(problem("{% if a %}{% endfor %}")).isEqualTo("1: Encountered unknown tag 'endfor'.");
    assertThat(problem("{% else %}")).isEqualTo("1: Encountered unknown tag 'else'.");
    assertThat(problem("\n{{ }}"))
        .isEqualTo("2: Expected an expression, got 'end of print statement'");
  }

  @Test
  void bounds_loops() {
    var loop = "{% for x in y %}{% endfor %}";
    assertThat(problem(loop.repeat(10))).isEqualTo("fine");
    assertThat(problem(loop.repeat(11))).startsWith("0: Contains 11 for loops.");
    var open = "{% for x in y %}";
    var end = "{% endfor %}";
    assertThat(problem(open.repeat(2) + end.repeat(2))).isEqualTo("fine");
    assertThat(problem(open.repeat(3) + end.repeat(3)))
        .startsWith("0: Contains nested for loops at a depth of 3.");
  }
}
