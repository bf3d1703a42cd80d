package io.sluice.queue;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.queue.Sighting.Whereabouts;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunTable;
import io.sluice.run.Place;
import io.sluice.run.StateNames;
import io.sluice.run.StateType;
import io.sluice.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;

/** What the owner of a work queue reads when it starts and from time to time. */
public class QueueRows {

  /** Everything about one queue; {@code terms} null if there is no such queue. */
  record Snapshot(QueueTerms terms, QueuedRuns runs) {}

  private static final Field<UUID> POOL = field(name("work_pool", "id"), UUID.class);
  private static final Field<String> POOL_NAME = field(name("work_pool", "name"), String.class);
  private static final Field<Integer> POOL_LIMIT =
      field(name("work_pool", "concurrency_limit"), Integer.class);
  private static final Field<UUID> RUN = field(name("id"), UUID.class);
  private static final Field<Long> VERSION = field(name("version"), Long.class);
  private static final Field<UUID> DEPLOYMENT = field(name("deployment_id"), UUID.class);
  private static final Field<UUID> QUEUE = field(name("work_queue_id"), UUID.class);
  private static final Field<String> TYPE = field(name("state_type"), String.class);
  private static final Field<String> STATE = field(name("state_name"), String.class);
  private static final Field<Instant> DUE = field(name("next_scheduled_start_time"), Instant.class);

  private static final Field<Instant> EXPECTED = field(name("expected_start_time"), Instant.class);

  /** The version of a run without a row: nothing newer will be heard of it. */
  private static final long DELETED = Long.MAX_VALUE;

  /** Rows looked for by one statement. */
  private static final int AT_ONCE = 500;

  private static final List<String> IN_THE_QUEUE =
      List.of(
          StateType.SCHEDULED.name(),
          StateType.PENDING.name(),
          StateType.RUNNING.name(),
          StateType.CANCELLING.name());

  private final Store store;

  public QueueRows(Store store) {
    this.store = store;
  }

  CompletableFuture<Snapshot> load(UUID queue) {
    return store.read(sql -> new Snapshot(terms(sql, queue), runs(sql, queue)));
  }

  /** Those of {@code queues} that are there, as they and their pools are called now. */
  CompletableFuture<Map<UUID, Place>> places(Collection<UUID> queues) {
    return queues.isEmpty()
        ? CompletableFuture.completedFuture(Map.of())
        : store.read(
            sql ->
                sql.select(WorkQueueTable.ID, WorkQueueTable.NAME, POOL, POOL_NAME)
                    .from(WorkQueueTable.QUEUE)
                    .join(table(name("work_pool")))
                    .on(POOL.eq(WorkQueueTable.POOL_ID))
                    .where(WorkQueueTable.ID.in(Set.copyOf(queues)))
                    .fetchMap(
                        WorkQueueTable.ID,
                        row ->
                            new Place(
                                row.get(WorkQueueTable.ID),
                                row.get(WorkQueueTable.NAME),
                                row.get(POOL),
                                row.get(POOL_NAME))));
  }

  private static QueueTerms terms(DSLContext sql, UUID queue) {
    return sql.select(
            WorkQueueTable.NAME,
            WorkQueueTable.PRIORITY,
            WorkQueueTable.LIMIT,
            POOL,
            POOL_NAME,
            POOL_LIMIT)
        .from(WorkQueueTable.QUEUE)
        .join(table(name("work_pool")))
        .on(POOL.eq(WorkQueueTable.POOL_ID))
        .where(WorkQueueTable.ID.eq(queue))
        .fetchOne(
            row ->
                new QueueTerms(
                    row.get(POOL),
                    row.get(POOL_NAME) + "/" + row.get(WorkQueueTable.NAME),
                    row.get(WorkQueueTable.PRIORITY),
                    row.get(WorkQueueTable.LIMIT),
                    row.get(POOL_LIMIT) != null));
  }

  private static QueuedRuns runs(DSLContext sql, UUID queue) {
    var runs = QueuedRuns.NONE;
    for (var seen : inTheQueue(sql, queue)) {
      runs = runs.with(seen);
    }
    return runs;
  }

  private static List<Sighting> inTheQueue(DSLContext sql, UUID queue) {
    return sql.select(RUN, VERSION, DEPLOYMENT, TYPE, STATE, DUE, EXPECTED)
        .from(FlowRunTable.RUN)
        .where(QUEUE.eq(queue))
        .and(TYPE.in(IN_THE_QUEUE))
        .fetch()
        .map(row -> sighting(sql, row));
  }

  /** Where by their rows the runs of a queue are, and those that it has {@code known}. */
  CompletableFuture<List<Sighting>> look(UUID queue, Set<UUID> known) {
    return store.read(
        sql -> {
          var seen = new ArrayList<>(inTheQueue(sql, queue));
          var gone = new ArrayList<>(known);
          gone.removeAll(seen.stream().map(Sighting::runId).collect(Collectors.toSet()));
          for (int from = 0; from < gone.size(); from += AT_ONCE) {
            var some = gone.subList(from, Math.min(from + AT_ONCE, gone.size()));
            seen.addAll(elsewhere(sql, some));
          }
          return seen;
        });
  }

  /** Those that left; whoever came back since the first query is left to the next look. */
  private static List<Sighting> elsewhere(DSLContext sql, List<UUID> gone) {
    var rows =
        sql.select(RUN, VERSION, TYPE)
            .from(FlowRunTable.RUN)
            .where(FlowRunTable.ID.in(gone))
            .fetchMap(RUN);
    return gone.stream()
        .filter(run -> !rows.containsKey(run) || !IN_THE_QUEUE.contains(rows.get(run).get(TYPE)))
        .map(run -> left(run, rows.containsKey(run) ? rows.get(run).get(VERSION) : DELETED))
        .toList();
  }

  private static Sighting left(UUID run, long version) {
    return new Sighting(run, version, Whereabouts.ELSEWHERE, null, null, null, null);
  }

  private static Sighting sighting(DSLContext sql, Record row) {
    if (row.get(STATE).equals(StateNames.AWAITING_RETRY)) {
      return sql.select(FlowRunTable.DOC, FlowRunTable.PAYLOAD)
          .from(FlowRunTable.RUN)
          .where(FlowRunTable.ID.eq(row.get(RUN)))
          .fetchOne(retrying -> sighting(FlowRunTable.run(retrying)));
    }
    var where =
        switch (StateType.valueOf(row.get(TYPE))) {
          case SCHEDULED -> Whereabouts.WAITING;
          case CANCELLING -> Whereabouts.CANCELLING;
          default -> Whereabouts.OCCUPYING;
        };
    boolean sentBack = row.get(STATE).equals(StateNames.AWAITING_CONCURRENCY_SLOT);
    return new Sighting(
        row.get(RUN),
        row.get(VERSION),
        where,
        row.get(DUE),
        row.get(sentBack ? EXPECTED : DUE),
        row.get(DEPLOYMENT),
        row.get(STATE));
  }

  /** Where {@code run} is. */
  public static Sighting sighting(FlowRun run) {
    var where = Whereabouts.ELSEWHERE;
    if (run.isWaitingForWorker()) {
      where = Whereabouts.WAITING;
    } else if (run.occupiesQueue()) {
      where = Whereabouts.OCCUPYING;
    } else if (run.stateType() == StateType.CANCELLING) {
      where = Whereabouts.CANCELLING;
    }
    return new Sighting(
        run.id(),
        run.version(),
        where,
        run.progress().nextScheduledStart(),
        run.progress().waitingSince(),
        run.spec().deploymentId(),
        run.state() == null ? null : run.state().name());
  }
}
