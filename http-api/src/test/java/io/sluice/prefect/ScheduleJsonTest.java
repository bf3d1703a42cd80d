package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Body;
import io.sluice.http.Invalid;
import io.sluice.http.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A schedule in a request")
class ScheduleJsonTest {
  private static final Instant NOW = Instant.parse("2026-11-21T15:00:20Z");

  private static ScheduleJson.Draft read(String json) {
    var body = Body.of(Json.read(json));
    var draft = ScheduleJson.read(body, NOW);
    body.end();
    return draft;
  }

  private static JsonNode schedule(String json) {
    return read("{\"schedule\": %s}".formatted(json)).schedule().orElseThrow();
  }

  @Test
  void that_cannot_be_carried_out_is_refused() {
    for (var wrong :
        List.of(
            "{}",
            "{\"interval\": 0}",
            "{\"interval\": -5}",
            "{\"interval\": 1e15}",
            "{\"interval\": 60, \"timezone\": \"Mars/Base\"}",
            "{\"cron\": \"not cron\"}",
            "{\"cron\": \"H * * * *\"}",
            "{\"cron\": \"@daily\", \"timezone\": \"Mars/Base\"}",
            "{\"rrule\": \"nope\"}",
            "{\"rrule\": \"FREQ=DAILY\", \"timezone\": \"Mars/Base\"}")) {
      assertThatThrownBy(() -> schedule(wrong)).as(wrong).isInstanceOf(Invalid.class);
    }
  }

  @Test
  void has_1_to_100_runs_ahead() {
    var form = "{\"schedule\": {\"interval\": 60}, \"max_scheduled_runs\": %d}";
    assertThat(read(form.formatted(1)).maxScheduledRuns()).isEqualTo(1);
    assertThat(read(form.formatted(100)).maxScheduledRuns()).isEqualTo(100);
    for (var wrong : List.of(0, -1, 101)) {
      assertThatThrownBy(() -> read(form.formatted(wrong))).isInstanceOf(Invalid.class);
    }
  }

  @Test
  void gets_the_defaults_of_prefect() {
    assertThat(schedule("{\"interval\": 60}"))
        .isEqualTo(
            Json.read(
                "{\"interval\": 60.0, \"anchor_date\": \"2026-11-21T15:00:20.000000Z\","
                    + " \"timezone\": \"UTC\"}"));
    assertThat(schedule("{\"cron\": \"@daily\"}"))
        .isEqualTo(Json.read("{\"cron\": \"@daily\", \"timezone\": null, \"day_or\": true}"));
    assertThat(schedule("{\"rrule\": \"FREQ=DAILY\"}").get("rrule").asText())
        .isEqualTo("DTSTART:20200101T000000\nFREQ=DAILY");
  }
}
