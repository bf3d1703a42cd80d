package io.sluice.pool;

import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueueTable;
import io.sluice.store.RowChange;
import io.sluice.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A pool with its queues and workers as rows. */
final class PoolRows {
  private PoolRows() {}

  /** Null if there is no such pool. */
  static CompletableFuture<PoolState> load(WorkPoolActor.Shared shared, UUID id) {
    return shared
        .store()
        .read(
            sql -> {
              var pool =
                  sql.select(WorkPoolTable.DOC)
                      .from(WorkPoolTable.POOL)
                      .where(WorkPoolTable.ID.eq(id))
                      .fetchOne(WorkPoolTable::pool);
              if (pool == null) {
                return null;
              }
              var queues =
                  sql.select(WorkQueueTable.DOC)
                      .from(WorkQueueTable.QUEUE)
                      .where(WorkQueueTable.POOL_ID.eq(id))
                      .fetch(WorkQueueTable::queue);
              var workers =
                  shared.workers().ofPool(sql, id).stream()
                      .collect(Collectors.toMap(Worker::name, Function.identity()));
              return new PoolState(pool, queues, workers, WorkPoolTable.readiness(sql, id));
            });
  }

  /** What turns {@code before} into {@code after}; either may be null for a pool that is not. */
  static List<RowChange> changes(WorkPoolActor.Shared shared, PoolState before, PoolState after) {
    var changes = new ArrayList<RowChange>();
    if (after == null) {
      changes.add(shared.pools().delete(before.pool()));
    } else if (before == null) {
      changes.add(shared.pools().insert(after.pool()));
    } else if (!before.pool().equals(after.pool())) {
      changes.add(shared.pools().update(after.pool()));
    }
    var queuesBefore = before == null ? Map.<UUID, WorkQueue>of() : byId(before.queues());
    var queuesAfter = after == null ? Map.<UUID, WorkQueue>of() : byId(after.queues());
    for (var queue : queuesBefore.values()) {
      if (!queuesAfter.containsKey(queue.id())) {
        changes.add(shared.queues().delete(queue));
      }
    }
    for (var queue : queuesAfter.values()) {
      var known = queuesBefore.get(queue.id());
      if (known == null) {
        changes.add(shared.queues().insert(queue));
      } else if (!known.equals(queue)) {
        changes.add(shared.queues().update(queue));
      }
    }
    workers(shared, before, after, changes);
    readiness(shared.pools(), before, after, changes);
    return changes;
  }

  private static Map<UUID, WorkQueue> byId(List<WorkQueue> queues) {
    return queues.stream().collect(Collectors.toMap(WorkQueue::id, Function.identity()));
  }

  private static void readiness(
      WorkPoolTable pools, PoolState before, PoolState after, List<RowChange> changes) {
    var was = before == null ? null : before.readiness();
    var is = after == null ? null : after.readiness();
    if (was == null && is != null) {
      changes.add(pools.insert(after.pool().id(), is));
    } else if (was != null && is == null) {
      changes.add(pools.delete(before.pool().id(), was));
    } else if (is != null && !is.equals(was)) {
      changes.add(pools.update(after.pool().id(), is));
    }
  }

  private static void workers(
      WorkPoolActor.Shared shared, PoolState before, PoolState after, List<RowChange> changes) {
    var known = before == null ? Map.<String, Worker>of() : before.workers();
    var now = after == null ? Map.<String, Worker>of() : after.workers();
    for (var worker : known.values()) {
      if (!now.containsKey(worker.name())) {
        changes.add(shared.workers().delete(worker));
      }
    }
    for (var worker : now.values()) {
      var was = known.get(worker.name());
      if (was == null) {
        changes.add(shared.workers().insert(worker));
      } else if (!was.equals(worker)) {
        changes.add(shared.workers().update(worker));
      }
    }
  }
}
