package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Spans of time")
class TimeBucketsTest {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private static Instant at(String time) {
    return Instant.parse("2026-03-04T" + time + "Z");
  }

  private static Event event(Instant occurred) {
    return new Event(
        UUID.randomUUID(),
        occurred,
        occurred,
        "e",
        Map.of(Event.ID, "r"),
        List.of(),
        JsonNodeFactory.instance.objectNode(),
        null);
  }

  @Test
  void cover_what_is_asked_for_and_begin_where_all_begin() {
    var buckets = new TimeBuckets(at("10:02:00"), at("10:11:00"), FIVE_MINUTES);
    assertThat(buckets.all())
        .containsExactly(
            new TimeBuckets.Bucket(at("10:00:00"), at("10:04:59.999999"), 0),
            new TimeBuckets.Bucket(at("10:05:00"), at("10:09:59.999999"), 0),
            new TimeBuckets.Bucket(at("10:10:00"), at("10:14:59.999999"), 0));
  }

  @Test
  void count_each_event_once() {
    var buckets = new TimeBuckets(at("10:00:00"), at("10:10:00"), FIVE_MINUTES);
    List.of("10:00:00", "10:04:59.999999", "10:05:00", "10:10:00", "09:59:59")
        .forEach(time -> buckets.add(event(at(time))));
    assertThat(buckets.all()).extracting(TimeBuckets.Bucket::count).containsExactly(2, 1);
  }

  @Test
  void are_counted_before_they_are_made() {
    assertThat(TimeBuckets.needed(at("10:00:00"), at("10:10:00"), FIVE_MINUTES)).isEqualTo(2);
    assertThat(TimeBuckets.needed(at("10:00:00"), at("10:10:01"), FIVE_MINUTES)).isEqualTo(3);
    assertThat(TimeBuckets.needed(at("10:10:00"), at("10:00:00"), FIVE_MINUTES)).isZero();
  }
}
