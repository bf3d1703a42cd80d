package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is wrong with a form, as Prefect 3.8.8 answers it (server/api/ui/schemas.py). */
@DisplayName("A form")
@ExtendWith(SharedNode.class)
class UiSchemaTest {
  private static final String SCHEMA =
      """
      {'type': 'object', 'required': ['a'], 'properties': {
        'a': {'type': 'integer'},
        'l': {'type': 'array', 'default': [], 'items': {'type': 'integer'}},
        'o': {'type': 'object', 'required': ['z'], 'properties': {'z': {'type': 'string'}}},
        'u': {'anyOf': [{'type': 'integer'}, {'type': 'array', 'items': {'type': 'integer'}}]},
        'd': {'type': 'string', 'format': 'date-time'},
        's': {'type': 'string', 'minLength': 1},
        'm': {'$ref': '#/definitions/M'}},
        'definitions': {'M': {'title': 'M', 'type': 'object', 'block_type_slug': 'm',
          'required': ['b'], 'properties': {'b': {'type': 'integer'}}}}}
      """
          .replaceAll("\\s+", " ");

  private final Asker api;

  UiSchemaTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply check(String schema, String values) {
    return api.post(
        "/ui/schemas/validate", "{'schema': %s, 'values': %s}".formatted(schema, values));
  }

  private String errors(String values) {
    var answer = check(SCHEMA, values);
    assertThat(answer.status()).isEqualTo(200);
    var errors = answer.json().get("errors");
    assertThat(answer.json().get("valid").booleanValue()).isEqualTo(errors.isEmpty());
    return errors.toString().replace('"', '`');
  }

  @Test
  void is_told_what_is_wrong_where() {
    assertErrors("'a': 1", "");
    assertErrors("", at("a", "`'a' is a required property`"));
    assertErrors("'a': 's'", at("a", "`'s' is not of type 'integer'`"));
    assertErrors("'a': 1, 'o': {}", at("o", at("z", "`'z' is a required property`")));
    assertErrors(
        "'a': 1, 'l': [1, 'x', 'y']",
        at(
            "l",
            "{`index`:1,`errors`:[`'x' is not of type 'integer'`]},"
                + "{`index`:2,`errors`:[`'y' is not of type 'integer'`]}"));
    var noneOf = " is not valid under any of the given schemas`";
    assertErrors("'a': 1, 'u': ['x']", at("u", "`['x']" + noneOf));
    assertErrors("'a': 1, 'm': {'$ref': 'x'}", at("m", "`{'$ref': 'x'}" + noneOf));
    assertErrors("'a': 1, 'd': 'x'", at("d", "`'x' is not a 'date-time'`"));
    assertErrors("'a': 1, 's': ''", at("s", "`'' should be non-empty`"));
  }

  private void assertErrors(String values, String errors) {
    assertThat(errors("{%s}".formatted(values))).as(values).isEqualTo("[" + errors + "]");
  }

  private static String at(String property, String errors) {
    return "{`property`:`%s`,`errors`:[%s]}".formatted(property, errors);
  }

  private static String standing(String kind) {
    return "{'__prefect_kind': %s}".formatted(kind);
  }

  @Test
  void has_values_that_stand_for_others() {
    var name = "form-" + UUID.randomUUID();
    api.post("/variables/", "{'name': '%s', 'value': 7}".formatted(name));
    var variable = "{'a': " + standing("'workspace_variable', 'variable_name': '%s'") + "}";
    assertThat(errors(variable.formatted(name))).isEqualTo("[]");
    assertThat(errors(variable.formatted("none")))
        .isEqualTo("[{`property`:`a`,`errors`:[`Variable 'none' not found in workspace.`]}]");
    var list = standing("'none', 'value': [1, %s, 's']").formatted(standing("'none'"));
    assertThat(errors("{'a': 1, 'l': %s}".formatted(list)))
        .as("each where it is, and the rest is checked")
        .isEqualTo(
            "[{`property`:`l`,`errors`:[{`index`:1,`errors`:[`Missing 'value' key in __prefect"
                + " object`]},{`index`:2,`errors`:[`'s' is not of type 'integer'`]}]}]");
    assertThat(errors("{'a': %s}".formatted(standing("'json'"))))
        .as("left out until it is filled in")
        .isEqualTo("[{`property`:`a`,`errors`:[`'a' is a required property`]}]");
  }

  @Test
  void may_have_templates_for_any_value() {
    var template = "{'a': " + standing("'jinja', 'template': '%s'") + "}";
    assertThat(errors(template.formatted("{{ x }}"))).isEqualTo("[]");
    assertThat(errors(template.formatted("{{ x")))
        .isEqualTo(
            "[{`property`:`a`,`errors`:[`Invalid jinja: unexpected end of template, expected 'end of"
                + " print statement'.`]}]");
  }

  @Test
  void must_have_a_schema_that_can_be_used() {
    assertUnusable("{'properties': {'a': {'type': 'nope'}}}", "Invalid schema: ");
    assertUnusable("{'$ref': 'http://127.0.0.1:1/x'}", "Invalid schema: Validation failed. ");
    assertUnusable(
        "{'$ref': '#'}", "Invalid schema: Unable to validate schema with circular references.");
    assertThat(api.post("/ui/schemas/validate", "{'schema': 5}").json().get("exception_detail"))
        .hasSize(2);
  }

  private void assertUnusable(String schema, String why) {
    var answer = check(schema, "{'a': 1}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("detail")).startsWith(why);
  }
}
