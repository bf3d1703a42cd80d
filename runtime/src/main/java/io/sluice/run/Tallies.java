package io.sluice.run;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.floor;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.rowNumber;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.when;

import io.sluice.filter.Kind;
import io.sluice.filter.Query;
import io.sluice.store.Seconds;
import io.sluice.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jooq.Condition;
import org.jooq.Field;

/** Runs and deployments counted by what they belong to (Prefect 3.8.8, server/api/ui). */
public final class Tallies {
  private static final double NANOS = 1e9;

  private final Store store;

  public Tallies(Store store) {
    this.store = store;
  }

  private static <T> Field<T> column(String table, String column, Class<T> type) {
    return field(name(table, column), type);
  }

  /** How many runs of the query's kind are in each type of state; those in none are left out. */
  public CompletableFuture<Map<String, Integer>> byState(Query query) {
    var type = column(query.kind().table().getName(), "state_type", String.class);
    return store.read(
        sql ->
            sql.select(type, count())
                .from(query.kind().table())
                .where(query.condition())
                .and(type.isNotNull())
                .groupBy(type)
                .fetchMap(type, count()));
  }

  /** How many task runs each flow run has, not counting those that stand for flow runs. */
  public CompletableFuture<Map<UUID, Integer>> tasks(Collection<UUID> flowRuns) {
    var startedOne =
        exists(
            selectOne()
                .from(table(name("flow_run")))
                .where(
                    column("flow_run", "parent_task_run_id", UUID.class)
                        .eq(column("task_run", "id", UUID.class))));
    return byOwner("task_run", "flow_run_id", flowRuns, not(startedOne));
  }

  /** How many deployments each flow has. */
  public CompletableFuture<Map<UUID, Integer>> deployments(Collection<UUID> flows) {
    return byOwner("deployment", "flow_id", flows, noCondition());
  }

  private CompletableFuture<Map<UUID, Integer>> byOwner(
      String counted, String owner, Collection<UUID> owners, Condition which) {
    var id = column(counted, owner, UUID.class);
    return store.read(
        sql ->
            sql.select(id, count())
                .from(table(name(counted)))
                .where(id.in(owners))
                .and(which)
                .groupBy(id)
                .fetchMap(id, count()));
  }

  /** The scheduled run of a flow that is due first. */
  public record Next(
      UUID id,
      UUID flowId,
      String name,
      String stateName,
      String stateType,
      Instant nextScheduledStartTime) {}

  /** The next scheduled run of each flow that has one, by flow. */
  public CompletableFuture<Map<UUID, Next>> next(Collection<UUID> flows) {
    var run = "flow_run";
    var id = column(run, "id", UUID.class);
    var flow = column(run, "flow_id", UUID.class);
    var name = column(run, "name", String.class);
    var stateName = column(run, "state_name", String.class);
    var stateType = column(run, "state_type", String.class);
    var due = column(run, "next_scheduled_start_time", Instant.class);
    var place = rowNumber().over().partitionBy(flow).orderBy(due, id).as("place");
    return store.read(
        sql -> {
          var ordered =
              sql.select(id, flow, name, stateName, stateType, due, place)
                  .from(table(name(run)))
                  .where(flow.in(flows))
                  .and(stateType.eq(StateType.SCHEDULED.name()))
                  .and(due.isNotNull())
                  .asTable("ordered");
          return sql.select(ordered.fields())
              .from(ordered)
              .where(ordered.field(place).eq(1))
              .fetchMap(
                  row -> row.get(1, UUID.class),
                  row ->
                      new Next(
                          row.get(0, UUID.class),
                          row.get(1, UUID.class),
                          row.get(2, String.class),
                          row.get(3, String.class),
                          row.get(4, String.class),
                          row.get(5, Instant.class)));
        });
  }

  /**
   * Runs that started within one part of the time.
   *
   * @param part from 0
   * @param failed FAILED or CRASHED
   */
  public record Part(int part, int completed, int failed) {}

  /**
   * The task runs of {@code query} by when they started, in parts of equal length.
   *
   * @param query of runs that are over
   */
  public CompletableFuture<List<Part>> started(Query query, Instant start, Duration part) {
    var started = column("task_run", "start_time", Instant.class);
    var type = column("task_run", "state_type", String.class);
    var failed = type.in(StateType.FAILED.name(), StateType.CRASHED.name());
    var number =
        floor(
                field("extract(epoch from {0})", Double.class, started)
                    .cast(Double.class)
                    .minus(inline(start.getEpochSecond() + start.getNano() / NANOS))
                    .div(inline(Seconds.of(part))))
            .cast(Integer.class)
            .as("number");
    return store.read(
        sql ->
            sql.select(number, sum(when(failed, 0).otherwise(1)), sum(when(failed, 1).otherwise(0)))
                .from(Kind.TASK_RUN.table())
                .where(query.condition())
                .and(started.isNotNull())
                .groupBy(number)
                .fetch(
                    row ->
                        new Part(row.value1(), row.value2().intValue(), row.value3().intValue())));
  }
}
