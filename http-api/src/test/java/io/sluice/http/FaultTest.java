package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each was answered so by a server of Prefect 3.8.8. */
@DisplayName("What is wrong with a value")
class FaultTest {
  /** Single quotes stand for double ones. */
  private static Invalid.Error error(String value, BiConsumer<Body, String> read) {
    var body = Body.of(Json.read("{'f': %s}".formatted(value).replace('\'', '"')));
    read.accept(body, "f");
    var errors = Assertions.catchThrowableOfType(Invalid.class, body::end).errors();
    assertThat(errors).hasSize(1);
    return errors.get(0);
  }

  private static void assertFault(
      Invalid.Error error, String type, String message, Map<String, Object> ctx) {
    assertThat(error.type()).isEqualTo(type);
    assertThat(error.msg()).isEqualTo(message);
    assertThat(error.ctx()).isEqualTo(ctx);
  }

  private static void assertFault(Invalid.Error error, String type, String message) {
    assertFault(error, type, message, Map.of());
  }

  @Test
  void of_the_wrong_kind_says_why_it_was_not_read() {
    var why = ", unable to parse string as an integer";
    assertFault(
        error("'x'", Body::integer), "int_parsing", "Input should be a valid integer" + why);
    assertFault(
        error("'1.5'", Body::integer), "int_parsing", "Input should be a valid integer" + why);
    assertFault(error("[]", Body::integer), "int_type", "Input should be a valid integer");
    assertFault(
        error("1.5", Body::integer),
        "int_from_float",
        "Input should be a valid integer, got a number with a fractional part");
    assertFault(
        error("1e20", Body::integer),
        "int_parsing_size",
        "Unable to parse input string as an integer, exceeded maximum size");
    assertFault(
        error("'x'", Body::decimal),
        "float_parsing",
        "Input should be a valid number, unable to parse string as a number");
    assertFault(
        error("'x'", Body::bool),
        "bool_parsing",
        "Input should be a valid boolean, unable to interpret input");
    assertFault(
        error("5", Body::object),
        "model_attributes_type",
        "Input should be a valid dictionary or object to extract fields from");
    assertFault(error("5", Body::map), "dict_type", "Input should be a valid dictionary");
  }

  @Test
  void out_of_bounds_says_the_bound() {
    assertFault(
        error("-1", (body, name) -> body.integer(name, 0, 9)),
        "greater_than_equal",
        "Input should be greater than or equal to 0",
        Map.of("ge", 0));
    assertFault(
        error("10", (body, name) -> body.integer(name, 0, 9)),
        "less_than_equal",
        "Input should be less than or equal to 9",
        Map.of("le", 9));
    assertFault(
        error("0", Body::positiveInteger),
        "greater_than",
        "Input should be greater than 0",
        Map.of("gt", 0));
    assertFault(
        error("1", (body, name) -> body.decimal(name, 60, 90)),
        "greater_than_equal",
        "Input should be greater than or equal to 60",
        Map.of("ge", 60.0));
  }

  @Test
  void that_is_none_of_several_says_which_there_are() {
    var choices = List.of("A", "B", "C");
    for (var none : List.of("'x'", "5")) {
      assertFault(
          error(none, (body, name) -> body.choice(name, choices)),
          "enum",
          "Input should be 'A', 'B' or 'C'",
          Map.of("expected", "'A', 'B' or 'C'"));
    }
    assertFault(
        error("'x'", (body, name) -> body.literal(name, List.of("A"))),
        "literal_error",
        "Input should be 'A'",
        Map.of("expected", "'A'"));
    assertThat(error("['A', 'x']", (body, name) -> body.choices(name, choices)).loc())
        .isEqualTo(List.of("body", "f", 1));
  }

  @Test
  void that_is_no_time_is_told_in_the_words_of_prefects_own_type() {
    assertFault(
        error("'x'", Body::time),
        "value_error",
        "Value error, Unable to parse string [x]",
        Map.of("error", Map.of()));
    assertFault(error("[]", Body::time), "value_error", "value is not a valid datetime");
    var why = "input is too short";
    assertFault(
        error("''", Body::seconds),
        "time_delta_parsing",
        "Input should be a valid timedelta, " + why,
        Map.of("error", why));
  }

  private static void assertNoId(String text, String why) {
    assertFault(
        error("'%s'".formatted(text), Body::id),
        "uuid_parsing",
        "Input should be a valid UUID, " + why,
        Map.of("error", why));
  }

  @Test
  void that_is_no_id_says_where_it_differs_from_one() {
    assertNoId("x", "invalid character: found `x` at 0");
    assertNoId("{x}", "invalid character: found `x` at 1");
    assertNoId("urn:uuid:x", "invalid character: found `x` at 9");
    assertNoId("é", "invalid character: found `é` at 0");
    assertNoId("", "invalid length: found 0");
    assertNoId("2f004505d93a42f68f2aa0cf8097786", "invalid length: found 31");
    assertNoId("urn:uuid:2f004505d93a42f68f2aa0cf809778660", "invalid length: found 42");
    assertNoId("2f004505-d93a-42f6-8f2a", "invalid group count: expected 5, found 4");
    assertNoId("-", "invalid group count: expected 5, found 2");
    assertNoId(
        "2f004505-d93a-42f6-8f2a-a0cf8097786",
        "invalid group length in group 4: expected 12, found 11");
    assertNoId(
        "2f0045-05d93a-42f6-8f2a-a0cf80977866",
        "invalid group length in group 0: expected 8, found 6");
    assertFault(
        error("5", Body::id), "uuid_type", "UUID input should be a string, bytes or UUID object");
  }

  @Test
  void that_is_null_but_needed_is_of_the_wrong_kind_and_among_arguments_missing() {
    assertFault(error("null", Body::requiredText), "string_type", "Input should be a valid string");
    var arguments = Body.argumentsOf(Json.read("{\"f\": null}"));
    arguments.requiredText("f");
    var errors = Assertions.catchThrowableOfType(Invalid.class, arguments::end).errors();
    assertFault(errors.get(0), "missing", "Field required");
    assertThat(errors.get(0).input().isNull()).isTrue();
  }
}
