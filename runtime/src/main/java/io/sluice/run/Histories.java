package io.sluice.run;

import static org.jooq.impl.DSL.avg;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.floor;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import io.sluice.filter.Kind;
import io.sluice.filter.Query;
import io.sluice.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.jooq.Condition;
import org.jooq.Field;

/**
 * Runs counted over time, by when they were expected to start (Prefect 3.8.8,
 * server/api/run_history.py, server/database/orm_models.py estimated_run_time and
 * estimated_start_time_delta). For flow runs and task runs.
 */
public final class Histories {
  /** How many intervals are counted at most; later ones are left out. */
  public static final int INTERVALS_MAX = 500;

  private static final double NANOS = 1e9;

  private final Store store;

  public Histories(Store store) {
    this.store = store;
  }

  /**
   * Runs of one state in one interval.
   *
   * @param interval number of the interval, from 0
   * @param runSeconds how long they have been RUNNING, together
   * @param lateSeconds how much later than expected they started or are, together
   */
  public record Count(
      int interval,
      String stateType,
      String stateName,
      int runs,
      double runSeconds,
      double lateSeconds) {}

  /**
   * Counts the runs of {@code query}'s kind that were expected to start within the first {@code
   * intervals} intervals.
   *
   * @param interval at least a second
   */
  public CompletableFuture<List<Count>> byInterval(
      Query query, Instant start, Duration interval, int intervals, Instant now) {
    var runs = new Runs(query.kind(), now);
    var end = start.plus(interval.multipliedBy(intervals));
    var number =
        floor(
                runs.epoch(runs.expected)
                    .minus(inline(seconds(start)))
                    .div(inline(seconds(interval))))
            .cast(Integer.class)
            .as("number");
    return store.read(
        sql ->
            sql.select(
                    number,
                    runs.stateType,
                    runs.stateName,
                    count(),
                    sum(runs.runTime()),
                    sum(runs.lateness()))
                .from(query.kind().table())
                .where(query.condition())
                .and(runs.expected.ge(start))
                .and(runs.expected.lt(end))
                .and(runs.stateType.isNotNull())
                .groupBy(number, runs.stateType, runs.stateName)
                .fetch(
                    row ->
                        new Count(
                            row.value1(),
                            row.value2(),
                            row.value3(),
                            row.value4(),
                            row.value5().doubleValue(),
                            row.value6().doubleValue())));
  }

  /** By how many seconds the runs started or are late on average; empty if there are none. */
  public CompletableFuture<OptionalDouble> lateness(Query query, Instant now) {
    var runs = new Runs(query.kind(), now);
    return store.read(
        sql -> {
          var average =
              sql.select(avg(runs.lateness()))
                  .from(query.kind().table())
                  .where(query.condition())
                  .fetchOne()
                  .value1();
          return average == null
              ? OptionalDouble.empty()
              : OptionalDouble.of(average.doubleValue());
        });
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / NANOS;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  /** The columns of one kind of runs. */
  private static final class Runs {
    private static final List<String> TERMINAL =
        Arrays.stream(StateType.values()).filter(StateType::isTerminal).map(Enum::name).toList();

    final Field<Instant> expected;
    final Field<String> stateType;
    final Field<String> stateName;
    private final Field<Instant> started;
    private final Field<Instant> entered;
    private final Field<Double> total;
    private final Field<Double> now;
    private final Instant at;

    Runs(Kind kind, Instant now) {
      var table = kind.table().getName();
      this.expected = field(name(table, "expected_start_time"), Instant.class);
      this.stateType = field(name(table, "state_type"), String.class);
      this.stateName = field(name(table, "state_name"), String.class);
      this.started = field(name(table, "start_time"), Instant.class);
      this.entered = field(name(table, "state_timestamp"), Instant.class);
      this.total = field(name(table, "total_run_seconds"), Double.class);
      this.now = inline(seconds(now));
      this.at = now;
    }

    Field<Double> epoch(Field<Instant> time) {
      return field("extract(epoch from {0})", Double.class, time).cast(Double.class);
    }

    Field<Double> runTime() {
      return when(stateType.eq(StateType.RUNNING.name()), total.plus(now.minus(epoch(entered))))
          .otherwise(total);
    }

    Field<Double> lateness() {
      Condition waits = started.isNull().and(stateType.notIn(TERMINAL)).and(expected.lt(val(at)));
      return when(started.gt(expected), epoch(started).minus(epoch(expected)))
          .when(waits, now.minus(epoch(expected)))
          .otherwise(inline(0.0));
    }
  }
}
