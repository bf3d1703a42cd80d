package io.sluice.pool;

import io.sluice.queue.WorkQueue;
import io.sluice.worker.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A pool with its queues and workers, as its owner knows it. Pure; a change gives a new one.
 *
 * <p>Invariant: priorities of queues are 1 or more and unique.
 *
 * @param queues in the order of their priorities
 * @param workers by name
 * @param readiness what was last said of them, null if nothing was yet
 */
public record PoolState(
    WorkPool pool, List<WorkQueue> queues, Map<String, Worker> workers, Readiness readiness) {
  public PoolState {
    queues = queues.stream().sorted(Comparator.comparingInt(WorkQueue::priority)).toList();
    workers = Map.copyOf(workers);
  }

  // ---- queries ----

  public Optional<WorkQueue> queue(UUID id) {
    return queues.stream().filter(queue -> queue.id().equals(id)).findFirst();
  }

  public Optional<WorkQueue> queue(String name) {
    return queues.stream().filter(queue -> queue.name().equals(name)).findFirst();
  }

  /** Null for a pool of agents, which has none. */
  public WorkPool.Status status(Instant now) {
    if (pool.type().equals(WorkPool.AGENT)) {
      return null;
    }
    if (pool.paused()) {
      return WorkPool.Status.PAUSED;
    }
    boolean served = workers.values().stream().anyMatch(w -> w.status(now) == Worker.Status.ONLINE);
    return served ? WorkPool.Status.READY : WorkPool.Status.NOT_READY;
  }

  /** The lowest priority number that no queue has. */
  public int freePriority() {
    int priority = 1;
    for (var queue : queues) {
      if (queue.priority() == priority) {
        priority++;
      }
    }
    return priority;
  }

  // ---- changes ----

  /** With what is to be said of it at {@code now}; the same object if that was said. */
  PoolState said(Instant now) {
    var due = Readiness.of(this, now);
    return due.equals(readiness) ? this : new PoolState(pool, queues, workers, due);
  }

  PoolState with(WorkPool changed) {
    return new PoolState(changed, queues, workers, readiness);
  }

  PoolState with(Worker worker) {
    var all = new LinkedHashMap<>(workers);
    all.put(worker.name(), worker);
    return new PoolState(pool, queues, all, readiness);
  }

  PoolState withoutWorker(String name) {
    var all = new LinkedHashMap<>(workers);
    all.remove(name);
    return new PoolState(pool, queues, all, readiness);
  }

  PoolState withoutQueue(UUID id) {
    return new PoolState(
        pool, queues.stream().filter(queue -> !queue.id().equals(id)).toList(), workers, readiness);
  }

  /**
   * With {@code queue} added or replaced. Queues that have its priority or one taken by a queue
   * moved away move down by as little as possible (Prefect 3.8.8, models/workers.py
   * bulk_update_work_queue_priorities).
   */
  PoolState with(WorkQueue queue, Instant now) {
    var order = new ArrayList<>(withoutQueue(queue.id()).queues);
    int place = 0;
    while (place < order.size() && order.get(place).priority() < queue.priority()) {
      place++;
    }
    order.add(place, queue);
    int last = 0;
    for (int i = 0; i < order.size(); i++) {
      var each = order.get(i);
      int priority = Math.max(each.priority(), last + 1);
      if (priority != each.priority()) {
        order.set(i, each.with(now, q -> q.priority = priority));
      }
      last = priority;
    }
    return new PoolState(pool, order, workers, readiness);
  }
}
