package io.sluice.pool;

import io.sluice.cluster.Together;
import io.sluice.limit.LimitKind;
import io.sluice.queue.QueueTerms;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueueReply;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Makes slots follow settings: tells queues what they have to know, and keeps the pool's own limit.
 */
final class PoolSlots {
  private PoolSlots() {}

  /**
   * After {@code before} became {@code after}; either may be null.
   *
   * @param all tell also what did not change
   */
  static CompletableFuture<Void> follow(
      WorkPoolActor.Shared shared, PoolState before, PoolState after, boolean all) {
    var told = new ArrayList<CompletableFuture<Void>>();
    var lost = lost(before, after);
    lost.forEach(queue -> told.add(shared.owners().retire(queue.id())));
    if (after != null) {
      for (var queue : after.queues()) {
        var known = before == null ? null : before.queue(queue.id()).orElse(null);
        if (all || known == null || !terms(before, known).equals(terms(after, queue))) {
          told.add(shared.owners().configure(queue.id(), terms(after, queue)));
        }
      }
    }
    return Together.done(told)
        .thenCompose(done -> limit(shared, before, after, all || !lost.isEmpty()));
  }

  /** The queues that {@code after} has no more. */
  private static List<WorkQueue> lost(PoolState before, PoolState after) {
    return before == null
        ? List.of()
        : before.queues().stream()
            .filter(queue -> after == null || after.queue(queue.id()).isEmpty())
            .toList();
  }

  static QueueTerms terms(PoolState state, WorkQueue queue) {
    return new QueueTerms(
        state.pool().id(),
        state.pool().name() + "/" + queue.name(),
        queue.priority(),
        queue.concurrencyLimit(),
        state.pool().concurrencyLimit() != null);
  }

  /**
   * Queues know by now whether the pool is limited, so its occupants are complete.
   *
   * @param anew also if the limit stays: some hold slots perhaps that they should not
   */
  private static CompletableFuture<Void> limit(
      WorkPoolActor.Shared shared, PoolState before, PoolState after, boolean anew) {
    var was = before == null ? null : before.pool().concurrencyLimit();
    var is = after == null ? null : after.pool().concurrencyLimit();
    if (Objects.equals(was, is) && !anew) {
      return CompletableFuture.completedFuture(null);
    }
    if (is == null) {
      return shared.owners().slots().drop(before.pool().id());
    }
    return anew ? restore(shared, after) : put(shared, after).thenAccept(runs -> {});
  }

  /**
   * Returns who occupies the pool afterwards. Who is just asking for a slot gets none here; who
   * left meanwhile would hold one for ever.
   */
  private static CompletableFuture<Set<UUID>> put(WorkPoolActor.Shared shared, PoolState state) {
    var pool = state.pool();
    var slots = shared.owners().slots();
    return occupants(shared, state, WorkQueueReply.Occupants::settled)
        .thenCompose(
            runs ->
                slots
                    .put(
                        pool.id(),
                        LimitKind.WORK_POOL.nameOf(pool.name()),
                        pool.concurrencyLimit(),
                        runs,
                        shared.clock().instant())
                    .thenCompose(done -> occupants(shared, state, WorkQueueReply.Occupants::runIds))
                    .thenCompose(
                        now -> {
                          runs.removeAll(now);
                          return slots.free(pool.id(), runs).thenApply(free -> now);
                        }));
  }

  private static CompletableFuture<Set<UUID>> occupants(
      WorkPoolActor.Shared shared,
      PoolState state,
      Function<WorkQueueReply.Occupants, Set<UUID>> which) {
    var asked =
        state.queues().stream().map(queue -> shared.owners().occupants(queue.id())).toList();
    return Together.all(asked)
        .thenApply(
            answers -> {
              var all = new HashSet<UUID>();
              answers.forEach(answer -> all.addAll(which.apply(answer)));
              return all;
            });
  }

  /**
   * After a restart, or when a queue is gone: slots whose runs no longer occupy a queue of the pool
   * are free.
   */
  static CompletableFuture<Void> restore(WorkPoolActor.Shared shared, PoolState state) {
    var started = shared.clock().instant();
    return put(shared, state)
        .thenCompose(runs -> shared.owners().slots().retain(state.pool().id(), runs, started));
  }
}
