package io.sluice.prefect;

import io.sluice.event.EventCounts;
import io.sluice.event.EventHistory;
import io.sluice.event.EventQuery;
import io.sluice.event.TimeBuckets;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Counts of stored events (Prefect 3.8.8, server/events/counting.py). */
final class EventCountRoutes {
  private static final Map<String, Duration> UNITS =
      Map.of(
          "week", Duration.ofDays(7),
          "day", Duration.ofDays(1),
          "hour", Duration.ofHours(1),
          "minute", Duration.ofMinutes(1),
          "second", Duration.ofSeconds(1));

  private static final double INTERVAL_MIN = 0.01;
  private static final double INTERVAL_MAX = 100_000;

  /** As far as Prefect looks back if a filter does not say since when. */
  private static final Duration LOOK_BACK = Duration.ofDays(180);

  private static final DateTimeFormatter LABEL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);

  private final EventHistory history;
  private final InstantSource clock;

  EventCountRoutes(Owners owners, InstantSource clock) {
    this.history = owners.eventHistory();
    this.clock = clock;
  }

  void addTo(Router router) {
    router.post("/events/count-by/{countable}", this::count);
  }

  /** EventCount. */
  private record CountJson(
      String value, String label, int count, Instant startTime, Instant endTime) {}

  private CompletableFuture<Answer> count(Call call) {
    var by = call.parameter("countable");
    var body = call.arguments();
    var now = clock.instant();
    var filter = body.object("filter").map(f -> EventQueryBody.read(f, now));
    body.required("filter", filter, null);
    var unit = unit(body);
    var interval = body.decimal("time_interval", INTERVAL_MIN, INTERVAL_MAX).orElse(1.0);
    body.end();
    var span = Duration.ofNanos((long) (unit.toNanos() * interval / 1000) * 1000);
    return switch (by) {
      case "event" -> values(filter.get(), EventCounts.By.EVENT);
      case "resource" -> values(filter.get(), EventCounts.By.RESOURCE);
      case "day" -> times(filter.get(), UNITS.get("day"), now);
      case "time" -> times(filter.get(), span, now);
      default ->
          throw new Plain(
              422,
              "Events are counted by 'day', 'time', 'event' or 'resource', not by '%s'."
                  .formatted(by));
    };
  }

  private static Duration unit(Body body) {
    var unit = body.text("time_unit").orElse("day");
    if (!UNITS.containsKey(unit)) {
      body.wrong(
          "time_unit", "enum", "Input should be 'week', 'day', 'hour', 'minute' or 'second'");
    }
    return UNITS.getOrDefault(unit, Duration.ofDays(1));
  }

  private CompletableFuture<Answer> values(EventQuery query, EventCounts.By by) {
    return history
        .count(query, by)
        .thenApply(
            counts ->
                Answer.ok(
                    counts.stream()
                        .map(
                            count ->
                                new CountJson(
                                    count.value(),
                                    count.label(),
                                    count.count(),
                                    count.first(),
                                    count.last()))
                        .toList()));
  }

  private CompletableFuture<Answer> times(EventQuery query, Duration span, Instant now) {
    var since = query.filter().since() == null ? now.minus(LOOK_BACK) : query.filter().since();
    var until = query.filter().until();
    long needed = TimeBuckets.needed(since, until, span);
    if (needed > TimeBuckets.MAX) {
      throw new Plain(
          422,
          ("The given interval would create %d buckets, which is too many. Please increase the"
                  + " interval or reduce the time range to produce %d buckets or fewer.")
              .formatted(needed, TimeBuckets.MAX));
    }
    return history
        .count(query, new TimeBuckets(since, until, span))
        .thenApply(buckets -> Answer.ok(json(buckets)));
  }

  private static List<CountJson> json(List<TimeBuckets.Bucket> buckets) {
    var counts = new ArrayList<CountJson>();
    for (var bucket : buckets) {
      counts.add(
          new CountJson(
              String.valueOf(counts.size()),
              LABEL.format(bucket.start()),
              bucket.count(),
              bucket.start(),
              bucket.last()));
    }
    return counts;
  }
}
