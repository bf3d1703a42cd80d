package io.sluice.prefect;

import io.sluice.http.Call;
import io.sluice.node.Owners;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueues;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** Work pools and queues with the runs that occupy them. */
final class PoolViews {
  private final WorkPools pools;
  private final WorkQueues queues;
  private final InstantSource clock;

  PoolViews(Owners owners, InstantSource clock) {
    this.pools = owners.pools();
    this.queues = owners.queues();
    this.clock = clock;
  }

  CompletableFuture<PoolJson> of(Call call, PoolState state) {
    return of(state, ClientVersion.knowsResultStorage(call));
  }

  /**
   * @param knowsResultStorage whether the client can read the default result storage
   */
  CompletableFuture<PoolJson> of(PoolState state, boolean knowsResultStorage) {
    var active =
        state.pool().concurrencyLimit() == null
            ? CompletableFuture.completedFuture(0)
            : pools.activeSlots(state);
    return active.thenApply(
        slots -> PoolJson.of(state, slots, knowsResultStorage, clock.instant()));
  }

  /**
   * @param withCancelling whether runs that are being cancelled count (they do at /work_queues)
   */
  CompletableFuture<QueueJson> of(WorkQueue queue, String poolName, boolean withCancelling) {
    var active =
        queue.concurrencyLimit() == null
            ? CompletableFuture.completedFuture(0)
            : queues
                .occupants(queue.id())
                .thenApply(o -> o.runIds().size() + (withCancelling ? o.cancelling() : 0));
    return active.thenApply(slots -> QueueJson.of(queue, poolName, slots, clock.instant()));
  }
}
