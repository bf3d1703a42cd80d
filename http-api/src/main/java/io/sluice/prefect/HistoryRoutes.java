package io.sluice.prefect;

import io.sluice.filter.Kind;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.run.Histories;
import io.sluice.run.Histories.Count;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs counted over time (Prefect 3.8.8, server/api/run_history.py). */
final class HistoryRoutes {
  /** 10,000 years: longer than from the first to the last time there is. */
  private static final double MICROS_MAX = 10_000 * 366 * 86_400e6;

  private final Histories histories;
  private final InstantSource clock;

  HistoryRoutes(Owners owners, InstantSource clock) {
    this.histories = owners.histories();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/flow_runs/history", call -> history(call, Kind.FLOW_RUN))
        .post("/task_runs/history", call -> history(call, Kind.TASK_RUN))
        .post("/flow_runs/lateness", this::lateness);
  }

  /** HistoryResponse. */
  private record Interval(Instant intervalStart, Instant intervalEnd, List<OfState> states) {}

  /** HistoryResponseState. */
  private record OfState(
      String stateType,
      String stateName,
      int countRuns,
      double sumEstimatedRunTime,
      double sumEstimatedLateness) {
    static OfState of(Count count) {
      return new OfState(
          count.stateType(),
          count.stateName(),
          count.runs(),
          count.runSeconds(),
          count.lateSeconds());
    }
  }

  private CompletableFuture<Answer> history(Call call, Kind kind) {
    var body = call.arguments();
    var start =
        body.required("history_start", body.time("history_start"), Instant.EPOCH)
            .truncatedTo(ChronoUnit.MICROS);
    var end = body.required("history_end", body.time("history_end"), Instant.EPOCH);
    var interval = interval(body);
    var query = FilterBody.joined(body, kind);
    body.end();
    int intervals = intervals(start, end, interval);
    return intervals == 0
        ? CompletableFuture.completedFuture(Answer.ok(List.of()))
        : history(query, start, interval, intervals);
  }

  private static Duration interval(Body body) {
    double seconds =
        body.required("history_interval_seconds", body.seconds("history_interval_seconds"), 1.0);
    if (!(seconds >= 1)) {
      throw new Plain(422, "History interval must not be less than 1 second.");
    }
    return Duration.of((long) Math.min(Math.rint(seconds * 1e6), MICROS_MAX), ChronoUnit.MICROS);
  }

  private static int intervals(Instant start, Instant end, Duration interval) {
    if (!end.isAfter(start)) {
      return 0;
    }
    var whole = Duration.between(start, end);
    long count = whole.dividedBy(interval);
    boolean partly = !interval.multipliedBy(count).equals(whole);
    return (int) Math.min(partly ? count + 1 : count, Histories.INTERVALS_MAX);
  }

  private CompletableFuture<Answer> history(
      Query query, Instant start, Duration interval, int intervals) {
    return histories
        .byInterval(query, start, interval, intervals, clock.instant())
        .thenApply(
            counts -> {
              var byInterval = counts.stream().collect(Collectors.groupingBy(Count::interval));
              return Answer.ok(
                  IntStream.range(0, intervals)
                      .mapToObj(
                          i ->
                              new Interval(
                                  start.plus(interval.multipliedBy(i)),
                                  start.plus(interval.multipliedBy(i + 1L)),
                                  byInterval.getOrDefault(i, List.of()).stream()
                                      .map(OfState::of)
                                      .toList()))
                      .toList());
            });
  }

  private CompletableFuture<Answer> lateness(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.FLOW_RUN);
    body.end();
    return histories
        .lateness(query, clock.instant())
        .thenApply(
            average -> Answer.ok(average.isPresent() ? (Object) average.getAsDouble() : null));
  }
}
