package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("JSON as Prefect writes it")
class JsonTest {
  private record Row(String workPoolName, Instant lastPolled, Duration totalRunTime, Object data) {}

  @Test
  void has_snake_case_and_nulls() {
    assertThat(Json.text(new Row("p", null, null, List.of())))
        .isEqualTo(
            "{\"work_pool_name\":\"p\",\"last_polled\":null,\"total_run_time\":null,\"data\":[]}");
  }

  @Test
  void has_times_in_utc_with_all_microseconds_and_no_more() {
    assertThat(Json.time(Instant.parse("2026-11-21T08:56:28Z")))
        .isEqualTo("2026-11-21T08:56:28.000000Z");
    assertThat(Json.time(Instant.parse("2026-11-21T08:56:28.3967669Z")))
        .isEqualTo("2026-11-21T08:56:28.396766Z");
  }

  @Test
  void has_durations_in_seconds() {
    assertThat(Json.text(Duration.ofMillis(1250))).isEqualTo("1.25");
    assertThat(Json.text(Duration.ZERO)).isEqualTo("0.0");
    assertThat(Json.text(Duration.ofMillis(-1250))).isEqualTo("-1.25");
    assertThat(Json.text(Duration.ofDays(3_000_000))).isEqualTo("2.592E11");
  }
}
