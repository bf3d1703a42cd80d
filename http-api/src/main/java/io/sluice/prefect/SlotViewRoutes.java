package io.sluice.prefect;

import io.sluice.cluster.Together;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueues;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRuns;
import io.sluice.run.StateType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Which runs hold the slots of pools and queues (Prefect 3.8.8, {@code concurrency_status}). */
final class SlotViewRoutes {
  private static final int RUNS_SHOWN = 10;

  private final WorkPools pools;
  private final WorkQueues queues;
  private final FlowRuns runs;
  private final InstantSource clock;

  SlotViewRoutes(Owners owners, InstantSource clock) {
    this.pools = owners.pools();
    this.queues = owners.queues();
    this.runs = owners.flowRuns();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/work_pools/{name}/concurrency_status", this::ofPool)
        .post("/work_queues/{id}/concurrency_status", this::ofQueue);
  }

  /** FlowRunSlotSummary. */
  private record Summary(
      UUID id,
      String name,
      StateType stateType,
      String stateName,
      Instant startTime,
      Instant stateTimestamp,
      Duration timeInCurrentState) {
    static Summary of(FlowRun run, Instant now) {
      var state = run.state();
      return new Summary(
          run.id(),
          run.spec().name(),
          state.type(),
          state.name(),
          run.progress().start(),
          state.timestamp(),
          Duration.between(state.timestamp(), now));
    }
  }

  /** WorkQueueConcurrencyStatusDetail. */
  private record Detail(
      UUID queueId,
      String queueName,
      int activeSlots,
      Integer concurrencyLimit,
      List<Summary> flowRuns,
      int flowRunCount) {}

  /** WorkPoolConcurrencyStatus. */
  private record OfPool(
      int activeSlots,
      Integer concurrencyLimit,
      List<Detail> queues,
      int count,
      int limit,
      int pages,
      int page) {}

  /** WorkQueueConcurrencyStatus. */
  private record OfQueue(
      int activeSlots,
      Integer concurrencyLimit,
      List<Summary> flowRuns,
      int count,
      int limit,
      int pages,
      int page) {}

  private CompletableFuture<Answer> ofPool(Call call) {
    var body = call.arguments();
    var page = PageNumber.of(body);
    int shown = body.integer("flow_run_limit", 0, Page.LIMIT_MAX).orElse(RUNS_SHOWN);
    body.end();
    return pools.get(call.parameter("name")).thenCompose(state -> ofPool(state, page, shown));
  }

  private CompletableFuture<Answer> ofPool(PoolState state, PageNumber page, int shown) {
    var details =
        state.queues().stream()
            .skip(page.offset())
            .limit(page.limit())
            .map(queue -> detail(queue, shown))
            .toList();
    return Together.all(details)
        .thenCombine(
            pools.activeSlots(state),
            (all, active) ->
                Answer.ok(
                    new OfPool(
                        active,
                        state.pool().concurrencyLimit(),
                        all,
                        state.queues().size(),
                        page.limit(),
                        page.pages(state.queues().size()),
                        page.page())));
  }

  private CompletableFuture<Detail> detail(WorkQueue queue, int shown) {
    return holders(queue, 0, shown)
        .thenApply(
            held ->
                new Detail(
                    queue.id(),
                    queue.name(),
                    held.count(),
                    queue.concurrencyLimit(),
                    held.shown(),
                    held.count()));
  }

  private record Holders(int count, List<Summary> shown) {}

  private CompletableFuture<Holders> holders(WorkQueue queue, int offset, int limit) {
    return queues
        .occupants(queue.id())
        .thenCompose(
            occupants -> {
              var ids =
                  new TreeSet<>(occupants.runIds()).stream().skip(offset).limit(limit).toList();
              return runs.getAll(ids)
                  .thenApply(
                      found -> {
                        var now = clock.instant();
                        return new Holders(
                            occupants.runIds().size(),
                            found.stream().map(run -> Summary.of(run, now)).toList());
                      });
            });
  }

  private CompletableFuture<Answer> ofQueue(Call call) {
    var body = call.arguments();
    var page = PageNumber.of(body);
    body.end();
    var id = call.id("id");
    return pools
        .ofQueue(id)
        .thenCompose(
            state -> {
              var queue = state.queue(id).orElseThrow();
              return holders(queue, page.offset(), page.limit())
                  .thenApply(
                      held ->
                          Answer.ok(
                              new OfQueue(
                                  held.count(),
                                  queue.concurrencyLimit(),
                                  held.shown(),
                                  held.count(),
                                  page.limit(),
                                  page.pages(held.count()),
                                  page.page())));
            });
  }
}
