package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A body, read field by field,")
class BodyTest {
  private static final UUID ID = UUID.fromString("a5bd1f42-0000-4000-8000-00000000beef");

  private enum Sort {
    NAME_ASC,
    NAME_DESC
  }

  /** Single quotes stand for double ones. */
  private static Body body(String json) {
    return Body.of(Json.read(json.replace('\'', '"')));
  }

  private static List<Invalid.Error> errors(Body body) {
    var invalid = org.assertj.core.api.Assertions.catchThrowableOfType(Invalid.class, body::end);
    assertThat(invalid).as("refused").isNotNull();
    return invalid.errors();
  }

  private static void assertRefused(Body body, String type, String message) {
    assertThat(errors(body))
        .extracting(Invalid.Error::type, Invalid.Error::loc, Invalid.Error::msg)
        .containsExactly(tuple(type, List.of("body", "f"), message));
  }

  @Nested
  class WhereAFieldIsAbsentOrNull {
    @Test
    void reads_it_as_empty_in_both_cases_and_tells_them_apart() {
      var body = body("{'f': null}");
      assertThat(body.text("f")).isEmpty();
      assertThat(body.text("g")).isEmpty();
      assertThat(body.has("f")).isTrue();
      assertThat(body.has("g")).isFalse();
      body.end();
    }

    @Test
    void refuses_a_required_one_in_both_cases() {
      var absent = body("{}");
      assertThat(absent.requiredText("f")).isEmpty();
      assertRefused(absent, "missing", "Field required");
      var nothing = body("{'f': null}");
      assertThat(nothing.requiredText("f")).isEmpty();
      assertRefused(nothing, "string_type", "Input should be a valid string");
    }

    @Test
    void says_only_once_that_a_required_one_is_of_the_wrong_kind() {
      var body = body("{'f': 7}");
      body.requiredText("f");
      assertRefused(body, "string_type", "Input should be a valid string");
    }

    @Test
    void reads_empty_collections_and_maps() {
      var body = body("{'f': null}");
      assertThat(body.texts("f")).isEmpty();
      assertThat(body.ids("f")).isEmpty();
      assertThat(body.objects("f")).isEmpty();
      assertThat(body.object("f")).isEmpty();
      assertThat(body.map("f")).isEmpty();
      assertThat(body.list("f")).isNull();
      body.end();
    }
  }

  @Nested
  class ReadingText {
    @Test
    void counts_characters_up_to_the_most() {
      var body = body("{'f': 'abc'}");
      assertThat(body.text("f", 3)).contains("abc");
      body.end();
      body.text("f", 2);
      assertRefused(body, "string_too_long", "String should have at most 2 characters");
    }

    @Test
    void takes_no_number_for_it() {
      var body = body("{'f': 1}");
      assertThat(body.text("f")).isEmpty();
      assertRefused(body, "string_type", "Input should be a valid string");
    }
  }

  @Nested
  class ReadingBooleans {
    @Test
    void reads_true_and_false() {
      var body = body("{'f': false, 'g': true}");
      assertThat(body.bool("f")).contains(false);
      assertThat(body.bool("g")).contains(true);
      body.end();
    }

    @Test
    void takes_what_stands_for_one_but_nothing_else() {
      assertThat(body("{'f': 'Yes'}").bool("f")).contains(true);
      assertThat(body("{'f': 0}").bool("f")).contains(false);
      assertBool("'maybe'", "bool_parsing", ", unable to interpret input");
      assertBool("2", "bool_parsing", ", unable to interpret input");
      assertBool("[]", "bool_type", "");
    }

    private void assertBool(String json, String type, String why) {
      var body = body("{'f': " + json + "}");
      assertThat(body.bool("f")).as(json).isEmpty();
      assertRefused(body, type, "Input should be a valid boolean" + why);
    }
  }

  @Nested
  class ReadingNumbers {
    @Test
    void reads_whole_ones_however_they_are_written() {
      for (var two : List.of("2", "2.0", "'2'", "' 2 '", "2e0", "'20e-1'")) {
        var body = body("{'f': " + two + "}");
        assertThat(body.integer("f")).as(two).contains(2);
        body.end();
      }
    }

    @Test
    void takes_nothing_else_for_a_whole_one() {
      assertInteger("2.5", "int_from_float");
      assertInteger("2147483648", "int_parsing_size");
      assertInteger("1e999999999", "int_parsing");
      assertInteger("'1e-999999999'", "int_parsing");
      assertInteger("'two'", "int_parsing");
      assertInteger("''", "int_parsing");
      assertInteger("[]", "int_type");
    }

    private void assertInteger(String json, String type) {
      var body = body("{'f': " + json + "}");
      assertThat(body.integer("f")).as(json).isEmpty();
      assertThat(errors(body)).as(json).extracting(Invalid.Error::type).containsExactly(type);
    }

    @Test
    void checks_bounds_which_belong_to_the_range() {
      var body = body("{'low': 0, 'high': 200}");
      assertThat(body.integer("low", 0, 200)).contains(0);
      assertThat(body.integer("high", 0, 200)).contains(200);
      body.end();
      assertBounds("-1", "greater_than_equal", "Input should be greater than or equal to 0");
      assertBounds("201", "less_than_equal", "Input should be less than or equal to 200");
    }

    private void assertBounds(String json, String type, String message) {
      var whole = body("{'f': " + json + "}");
      whole.integer("f", 0, 200);
      assertRefused(whole, type, message);
      var fraction = body("{'f': " + json + "}");
      fraction.decimal("f", 0, 200);
      assertRefused(fraction, type, message);
    }

    @Test
    void writes_bounds_as_people_do() {
      var body = body("{'f': 86401}");
      body.decimal("f", 60, 86_400);
      assertRefused(body, "less_than_equal", "Input should be less than or equal to 86400");
    }

    @Test
    void takes_only_more_than_zero_for_positive() {
      var body = body("{'f': 0.001}");
      assertThat(body.positive("f")).contains(0.001);
      body.end();
      for (var json : List.of("0", "-1")) {
        var refused = body("{'f': " + json + "}");
        refused.positive("f");
        assertRefused(refused, "greater_than", "Input should be greater than 0");
      }
    }
  }

  @Nested
  class ReadingTimes {
    @Test
    void reads_texts_and_numbers() {
      var body = body("{'f': '2026-11-21T12:00:00.5Z', 'g': 1.5, 'h': 'PT1H'}");
      assertThat(body.time("f")).contains(Instant.parse("2026-11-21T12:00:00.5Z"));
      assertThat(body.time("g")).contains(Instant.ofEpochMilli(1500));
      assertThat(body.seconds("h")).contains(3600.0);
      body.end();
    }

    @Test
    void takes_nothing_else_for_one() {
      var time = body("{'f': 'now'}");
      assertThat(time.time("f")).isEmpty();
      assertRefused(time, "value_error", "Value error, Unable to parse string [now]");
      var seconds = body("{'f': true}");
      assertThat(seconds.seconds("f")).isEmpty();
      assertRefused(seconds, "time_delta_type", "Input should be a valid timedelta");
    }
  }

  @Nested
  class WhereNullIsNoValue {
    @Test
    void refuses_it_as_of_the_wrong_kind() {
      assertNull("string_type", body -> body.text("f"));
      assertNull("bool_type", body -> body.bool("f"));
      assertNull("int_type", body -> body.integer("f"));
      assertNull("float_type", body -> body.decimal("f"));
      assertNull("value_error", body -> body.time("f"));
      assertNull("time_delta_type", body -> body.seconds("f"));
      assertNull("dict_type", body -> body.map("f"));
      assertNull("model_attributes_type", body -> body.object("f"));
      assertNull("list_type", body -> body.texts("f"));
      assertNull("list_type", body -> body.objects("f"));
    }

    private void assertNull(String type, Consumer<Body> read) {
      var body = body("{'f': null}").notNull("f");
      read.accept(body);
      assertThat(errors(body)).extracting(Invalid.Error::type).containsExactly(type);
    }

    @Test
    void takes_an_absent_one() {
      var body = body("{}").notNull("f");
      assertThat(body.text("f")).isEmpty();
      body.end();
    }
  }

  @Nested
  class ReadingIdsAndConstants {
    @Test
    void reads_ids_alone_and_in_lists() {
      var body = body("{'f': '%s', 'all': ['%s']}".formatted(ID, ID));
      assertThat(body.requiredId("f")).isEqualTo(ID);
      assertThat(body.ids("all")).contains(List.of(ID));
      body.end();
    }

    @Test
    void takes_no_other_text_for_an_id() {
      var body = body("{'f': 'db'}");
      body.id("f");
      assertRefused(body, "uuid_parsing", "Input should be a valid UUID, invalid length: found 2");
    }

    @Test
    void names_the_item_of_a_list_that_is_wrong() {
      var body = body("{'f': ['%s', 'db', 7]}".formatted(ID));
      body.ids("f");
      assertThat(errors(body))
          .extracting(Invalid.Error::loc)
          .containsExactly(List.of("body", "f", 1), List.of("body", "f", 2));
    }

    @Test
    void names_the_constants_if_it_is_none_of_them() {
      assertThat(body("{'f': 'NAME_DESC'}").constant("f", Sort.class)).contains(Sort.NAME_DESC);
      var body = body("{'f': 'name_desc'}");
      body.constant("f", Sort.class);
      assertRefused(body, "enum", "Input should be 'NAME_ASC' or 'NAME_DESC'");
    }
  }

  @Nested
  class ReadingWhatIsInside {
    @Test
    void refuses_what_is_wrong_inside_with_its_place() {
      var body = body("{'f': {'g': 1, 'h': 2}, 'list': [{'g': 'x'}, {'g': 3}]}");
      var inside = body.object("f").orElseThrow();
      inside.text("g");
      inside.endNested();
      for (var item : body.objects("list").orElseThrow()) {
        item.text("g");
        item.endNested();
      }
      assertThat(errors(body))
          .extracting(Invalid.Error::type, Invalid.Error::loc)
          .containsExactly(
              tuple("string_type", List.of("body", "f", "g")),
              tuple("extra_forbidden", List.of("body", "f", "h")),
              tuple("string_type", List.of("body", "list", 1, "g")));
    }

    @Test
    void takes_nothing_else_for_objects_and_lists() {
      var map = body("{'f': []}");
      map.object("f");
      assertRefused(
          map,
          "model_attributes_type",
          "Input should be a valid dictionary or object to extract fields from");
      var raw = body("{'f': 'x'}");
      assertThat(raw.map("f")).isEmpty();
      assertRefused(raw, "dict_type", "Input should be a valid dictionary");
      var list = body("{'f': {}}");
      assertThat(list.list("f")).isNull();
      assertRefused(list, "list_type", "Input should be a valid list");
      var texts = body("{'f': 'x'}");
      texts.texts("f");
      assertRefused(texts, "list_type", "Input should be a valid list");
    }

    @Test
    void reads_texts_by_their_names_and_names_the_one_that_is_none() {
      assertThat(body("{'f': {'a/b': 'c'}}").textMap("f")).isEqualTo(Map.of("a/b", "c"));
      var body = body("{'f': {'a': 'b', 'c/d': 1}}");
      body.textMap("f");
      assertThat(errors(body))
          .extracting(Invalid.Error::loc, error -> error.input().asInt())
          .containsExactly(tuple(List.of("body", "f", "c/d"), 1));
    }

    @Test
    void refuses_fields_that_nobody_asked_for() {
      var body = body("{'f': 1}");
      assertRefused(body, "extra_forbidden", "Extra inputs are not permitted");
    }
  }

  @Nested
  class OfAList {
    @Test
    void refuses_all_that_is_wrong_in_any_item() {
      var bodies = Bodies.of(Json.read("[{\"f\": 1}, {\"g\": 1}]"));
      bodies.forEach(item -> item.text("f"));
      assertThatExceptionOfType(Invalid.class)
          .isThrownBy(() -> Bodies.end(bodies))
          .satisfies(
              invalid ->
                  assertThat(invalid.errors())
                      .extracting(Invalid.Error::loc)
                      .containsExactlyInAnyOrder(List.of("body", 0, "f"), List.of("body", 1, "g")));
    }

    @Test
    void takes_an_empty_one() {
      Bodies.end(Bodies.of(Json.read("[]")));
    }
  }
}
