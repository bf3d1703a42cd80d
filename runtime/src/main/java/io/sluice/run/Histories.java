package io.sluice.run;

import static java.time.temporal.ChronoUnit.MICROS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.when;

import io.sluice.filter.Kind;
import io.sluice.filter.Query;
import io.sluice.store.Store;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/**
 * Runs counted over time, by when they were expected to start (Prefect 3.8.8,
 * server/api/run_history.py, server/database/orm_models.py estimated_run_time and
 * estimated_start_time_delta). For flow runs and task runs.
 */
public final class Histories {
  /** How many intervals are counted at most; later ones are left out. */
  public static final int INTERVALS_MAX = 500;

  private static final double MICROS_PER_SECOND = 1e6;

  /** Of times in one zone, which those of the store are: UTC. */
  private static final String H2_MICROS = "datediff(microsecond, {0}, {1})";

  private static final String POSTGRES_MICROS =
      "cast(extract(epoch from {1} - {0}) * 1000000 as bigint)";

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
   * @param start in whole microseconds
   * @param interval at least a second, in whole microseconds
   */
  public CompletableFuture<List<Count>> byInterval(
      Query query, Instant start, Duration interval, int intervals, Instant now) {
    var runs = new Runs(store.dialect(), query.kind(), now);
    var end = start.plus(interval.multipliedBy(intervals));
    var number =
        runs.micros(inline(start), runs.expected)
            .div(inline(MICROSECONDS.convert(interval)))
            .cast(Integer.class)
            .as("number");
    return store.read(
        sql ->
            sql.select(
                    number,
                    runs.stateType,
                    runs.stateName,
                    count(),
                    sum(runs.total),
                    sum(runs.running()),
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
                            row.value5().doubleValue() + seconds(row.value6()),
                            seconds(row.value7()))));
  }

  /** By how many seconds the runs started or are late on average; empty if there are none. */
  public CompletableFuture<OptionalDouble> lateness(Query query, Instant now) {
    var runs = new Runs(store.dialect(), query.kind(), now);
    return store.read(
        sql -> {
          var row =
              sql.select(count(), sum(runs.lateness()))
                  .from(query.kind().table())
                  .where(query.condition())
                  .fetchOne();
          return row.value1() == 0
              ? OptionalDouble.empty()
              : OptionalDouble.of(seconds(row.value2()) / row.value1());
        });
  }

  /** Of microseconds; of none, 0. */
  private static double seconds(BigDecimal micros) {
    return micros == null ? 0 : micros.doubleValue() / MICROS_PER_SECOND;
  }

  /**
   * The columns of one kind of runs. Times are subtracted as whole microseconds, which is what the
   * store keeps: to turn each into seconds since 1970 costs H2 twenty times as much.
   */
  private static final class Runs {
    private static final List<String> TERMINAL =
        Arrays.stream(StateType.values()).filter(StateType::isTerminal).map(Enum::name).toList();

    final Field<Instant> expected;
    final Field<String> stateType;
    final Field<String> stateName;
    final Field<Double> total;
    private final Field<Instant> started;
    private final Field<Instant> entered;
    private final Field<Instant> now;
    private final String difference;

    Runs(SQLDialect dialect, Kind kind, Instant now) {
      var table = kind.table().getName();
      this.expected = field(name(table, "expected_start_time"), Instant.class);
      this.stateType = field(name(table, "state_type"), String.class);
      this.stateName = field(name(table, "state_name"), String.class);
      this.started = field(name(table, "start_time"), Instant.class);
      this.entered = field(name(table, "state_timestamp"), Instant.class);
      this.total = field(name(table, "total_run_seconds"), Double.class);
      this.now = inline(now.truncatedTo(MICROS));
      this.difference = dialect == SQLDialect.H2 ? H2_MICROS : POSTGRES_MICROS;
    }

    /** From one time to another. */
    Field<Long> micros(Field<Instant> from, Field<Instant> to) {
      return field(difference, Long.class, from, to);
    }

    /** For how many microseconds those have been RUNNING that are; null for others. */
    Field<Long> running() {
      return when(stateType.eq(inline(StateType.RUNNING.name())), micros(entered, now));
    }

    /** By how many microseconds those are late that are; null for others. */
    Field<Long> lateness() {
      var waits =
          started
              .isNull()
              .and(expected.lt(now))
              .and(stateType.notIn(TERMINAL.stream().map(DSL::inline).toList()));
      return when(started.gt(expected), micros(expected, started))
          .when(waits, micros(expected, now));
    }
  }
}
