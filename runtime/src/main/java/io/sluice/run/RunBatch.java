package io.sluice.run;

import io.sluice.cluster.Together;
import io.sluice.run.FlowRuns.Made;
import io.sluice.run.FlowRuns.Plan;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import io.sluice.store.TimeOrderedId;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * Creates many runs of a flow in one transaction. Their owners need not be asked: nobody knows the
 * ids before the commit, and an owner reads its run when it is asked first.
 */
final class RunBatch {
  private static final Field<UUID> FLOW = DSL.field(DSL.name("flow_id"), UUID.class);
  private static final Field<String> KEY = DSL.field(DSL.name("idempotency_key"), String.class);

  /** Keys looked up by one query. */
  private static final int KEYS_AT_ONCE = 1000;

  /** Runs of which the world is told at once. */
  private static final int TOLD_AT_ONCE = 500;

  /** How often somebody else may create a run with one of the keys meanwhile. */
  private static final int ATTEMPTS = 3;

  private final Store store;
  private final FlowRunTable table;
  private final Surroundings others;
  private final InstantSource clock;

  RunBatch(Store store, FlowRunTable table, Surroundings others, InstantSource clock) {
    this.store = store;
    this.table = table;
    this.others = others;
    this.clock = clock;
  }

  CompletableFuture<List<Made>> create(UUID flow, List<Plan> plans) {
    return attempt(flow, plans, ATTEMPTS);
  }

  private CompletableFuture<List<Made>> attempt(UUID flow, List<Plan> plans, int attempts) {
    return known(flow, plans)
        .thenCompose(
            known -> {
              var draft = draft(plans, known);
              return store
                  .writeApart(changes(draft.runs()))
                  .thenCompose(written -> tell(draft.runs(), 0))
                  .thenApply(told -> draft.made());
            })
        .exceptionallyCompose(
            failure -> {
              if (!Store.isDuplicate(failure)) {
                return CompletableFuture.failedFuture(failure);
              }
              return attempts > 1
                  ? attempt(flow, plans, attempts - 1)
                  : CompletableFuture.failedFuture(
                      new StoreUnavailable(
                          "Others create runs with the same idempotency keys; none of %d was created"
                              .formatted(plans.size()),
                          failure));
            });
  }

  // ---- what is there ----

  private CompletableFuture<Map<String, UUID>> known(UUID flow, List<Plan> plans) {
    var keys =
        plans.stream().map(plan -> plan.spec().idempotencyKey()).filter(Objects::nonNull).toList();
    return store.read(
        sql -> {
          var known = new HashMap<String, UUID>();
          for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
            var some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
            known.putAll(
                sql.select(KEY, FlowRunTable.ID)
                    .from(FlowRunTable.RUN)
                    .where(FLOW.eq(flow))
                    .and(KEY.in(some))
                    .fetchMap(KEY, FlowRunTable.ID));
          }
          return known;
        });
  }

  // ---- what is to be ----

  /**
   * @param made for each plan
   * @param runs those that are new
   */
  private record Draft(List<Made> made, List<FlowRun> runs) {}

  /** Ids rise with the order of the plans, a microsecond apart: so does the order of the queue. */
  private Draft draft(List<Plan> plans, Map<String, UUID> known) {
    var now = clock.instant();
    var ids = new HashMap<>(known);
    var made = new ArrayList<Made>(plans.size());
    var runs = new ArrayList<FlowRun>();
    for (var plan : plans) {
      var key = plan.spec().idempotencyKey();
      var there = key == null ? null : ids.get(key);
      if (there != null) {
        made.add(new Made(there, false));
        continue;
      }
      var id = TimeOrderedId.at(now.plus(runs.size(), ChronoUnit.MICROS));
      var run = FlowRun.created(id, plan.spec(), plan.policy(), now);
      var state = Step.stamped(run, plan.state().scheduledBy(now), now);
      runs.add(run.entering(state, run.policy(), UnaryOperator.identity()));
      made.add(new Made(id, true));
      if (key != null) {
        ids.put(key, id);
      }
    }
    return new Draft(made, runs);
  }

  /** All rows of a table follow each other, so that they are sent together. */
  private List<RowChange> changes(List<FlowRun> runs) {
    var bySql = new LinkedHashMap<String, List<RowChange>>();
    for (var run : runs) {
      for (var change : table.insert(run)) {
        bySql.computeIfAbsent(change.sql(), sql -> new ArrayList<>()).add(change);
      }
    }
    return bySql.values().stream().flatMap(List::stream).toList();
  }

  // ---- what follows ----

  private CompletableFuture<Void> tell(List<FlowRun> runs, int from) {
    if (from >= runs.size()) {
      return CompletableFuture.completedFuture(null);
    }
    var some = runs.subList(from, Math.min(runs.size(), from + TOLD_AT_ONCE));
    return Together.done(
            some.stream()
                .flatMap(
                    run ->
                        List.of(others.entered(null, run), others.moved(run)).stream()
                            .map(told -> told.exceptionally(late -> null)))
                .toList())
        .thenCompose(told -> tell(runs, from + TOLD_AT_ONCE));
  }
}
