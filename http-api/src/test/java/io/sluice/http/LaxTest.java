package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each case was read by pydantic 2 as Prefect 3.8.8 uses it. */
@DisplayName("A value in any spelling")
class LaxTest {
  /** Single quotes stand for double ones. */
  private static JsonNode json(String json) {
    return Json.read(json.replace('\'', '"'));
  }

  @Test
  void is_true_or_false() {
    for (var json : List.of("true", "1", "1.0", "'TRUE'", "'yes'", "'On'", "'t'", "'1'")) {
      assertThat(Lax.bool(json(json))).as(json).contains(true);
    }
    for (var json : List.of("false", "0", "'no'", "'Off'", "'f'", "'0'")) {
      assertThat(Lax.bool(json(json))).as(json).contains(false);
    }
    for (var json : List.of("2", "1.5", "' true'", "'1.0'", "''", "null", "[]")) {
      assertThat(Lax.bool(json(json))).as(json).isEmpty();
    }
  }

  @Test
  void is_a_number() {
    Map.of("true", 1.0, "'5'", 5.0, "' 5.5 '", 5.5, "'1_000'", 1000.0, "'+5'", 5.0, "1e3", 1000.0)
        .forEach(
            (json, number) ->
                assertThat(Lax.number(json(json)).orElseThrow().doubleValue())
                    .as(json)
                    .isEqualTo(number));
    for (var json : List.of("'two'", "''", "'_5'", "'5_'", "'1__0'", "null", "{}")) {
      assertThat(Lax.number(json(json))).as(json).isEmpty();
    }
  }

  @Test
  void is_a_time() {
    for (var json :
        List.of(
            "'2023-11-14T22:13:20Z'",
            "'2023-11-14 22:13:20.000000+00:00'",
            "'2023-11-15T00:13:20+02:00'",
            "'2023-11-14T17:13:20-0500'",
            "'2023-11-14T22:13:20'",
            "'2023-11-14_22:13:20,0'",
            "'2023-11-14t22:13:20z'",
            "1700000000",
            "1700000000.0",
            "1700000000000",
            "'1700000000'")) {
      assertThat(Lax.time(json(json))).as(json).contains(Instant.parse("2023-11-14T22:13:20Z"));
    }
    assertThat(Lax.time(json("'2026-11-21'"))).contains(Instant.parse("2026-11-21T00:00:00Z"));
    assertThat(Lax.time(json("'2026-11-21T08:30'")))
        .contains(Instant.parse("2026-11-21T08:30:00Z"));
  }

  @Test
  void is_a_number_of_seconds_or_milliseconds_since_1970() {
    assertThat(Lax.time(json("-1.5"))).contains(Instant.ofEpochMilli(-1500));
    assertThat(Lax.time(json("20000000000"))).contains(Instant.ofEpochSecond(20_000_000_000L));
    assertThat(Lax.time(json("20000000001"))).contains(Instant.ofEpochMilli(20_000_000_001L));
  }

  @Test
  void is_no_time() {
    for (var json :
        List.of(
            "''",
            "'now'",
            "'12:00'",
            "'2026-11-31T00:00:00Z'",
            "'2026-11-21T24:00:00Z'",
            "'20260101T000000'",
            "'0000-01-01'",
            "true",
            "null",
            "1e15",
            "-1e15",
            "'99999999999999999999999'")) {
      assertThat(Lax.time(json(json))).as(json).isEmpty();
    }
  }

  @Test
  void is_a_span() {
    Map.ofEntries(
            Map.entry("3600", 3600.0),
            Map.entry("1.5", 1.5),
            Map.entry("'PT1H'", 3600.0),
            Map.entry("'P1W'", 604_800.0),
            Map.entry("'-PT1H'", -3600.0),
            Map.entry("'P1DT2H3M4.5S'", 93_784.5),
            Map.entry("'P1Y2M'", 36_720_000.0),
            Map.entry("'P0.5D'", 43_200.0),
            Map.entry("'01:00:00'", 3600.0),
            Map.entry("'1:00:00.5'", 3600.5),
            Map.entry("'00:30'", 1800.0),
            Map.entry("'1 day, 01:00:00'", 90_000.0),
            Map.entry("'2 days 01:00:00'", 176_400.0),
            Map.entry("'-1 day'", -86_400.0),
            Map.entry("'3 d'", 259_200.0),
            Map.entry("'100:00:00'", 360_000.0))
        .forEach((json, span) -> assertThat(Lax.seconds(json(json))).as(json).contains(span));
  }

  @Test
  void is_no_span() {
    for (var json :
        List.of(
            "''",
            "'5'",
            "'PT'",
            "'P'",
            "'pt1h'",
            "'00:60:00'",
            "'1 week'",
            "'P-1D'",
            "'-'",
            "true",
            "null",
            "1e400")) {
      assertThat(Lax.seconds(json(json))).as(json).isEmpty();
    }
  }
}
