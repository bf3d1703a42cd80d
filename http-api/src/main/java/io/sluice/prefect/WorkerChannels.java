package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.cluster.Why;
import io.sluice.deployment.BlockDefaults;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.pool.WorkPoolCommand.Change.Field;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.rejection.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The channels of workers at this node (Prefect 3.8.8, server/api/workers.py
 * worker_channel_connect), and what each of them asks of its pool.
 */
final class WorkerChannels {
  private final WorkPools pools;
  private final BlockDefaults defaults;
  private final PoolViews views;
  private final InstantSource clock;
  private final int perPoolMax;
  private final Duration gatherFor;
  private final Map<UUID, Integer> open = new ConcurrentHashMap<>();

  /**
   * @param config {@code sluice.http.worker-channel}
   */
  WorkerChannels(Owners owners, PoolViews views, InstantSource clock, Config config) {
    this.pools = owners.pools();
    this.defaults = owners.blockDefaults();
    this.views = views;
    this.clock = clock;
    this.perPoolMax = config.getInt("per-pool-max");
    this.gatherFor = config.getDuration("gather-for");
  }

  void addTo(Router router, Credentials credentials) {
    router.socket(
        "/work_pools/{pool}/workers/connect",
        parameters ->
            new SocketAuth(
                credentials,
                new WorkerChannel(this, parameters.get("pool")),
                Optional.of(ChannelEnd.NOT_AUTHENTICATED)));
  }

  Instant now() {
    return clock.instant();
  }

  /** Done when changes that follow each other closely have all been made. */
  CompletableFuture<Void> gathered() {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(
            gatherFor.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
  }

  // ---- how many ----

  /**
   * Counts a channel of {@code pool} in; {@link #leave} counts it out.
   *
   * @throws ChannelEnd if there are as many as may be: the worker does with requests meanwhile
   */
  void join(UUID pool) {
    int now = open.merge(pool, 1, Integer::sum);
    if (now > perPoolMax) {
      leave(pool);
      throw new ChannelEnd(
          ChannelEnd.TRANSIENT,
          "the pool has %d channels at this node, as many as sluice.http.worker-channel.per-pool-max"
                  .formatted(perPoolMax)
              + " allows");
    }
  }

  void leave(UUID pool) {
    open.computeIfPresent(pool, (id, count) -> count == 1 ? null : count - 1);
  }

  /** Runs {@code heard} after each change of the pool; the result ends that. */
  Runnable listen(UUID pool, Runnable heard) {
    return pools.news().listen(pool, heard);
  }

  // ---- what a worker needs ----

  /** The pool of that name, made if it is missing and the worker wants it made. */
  CompletableFuture<PoolState> pool(String name, ChannelHello hello) {
    return pools
        .get(name)
        .exceptionallyCompose(
            failure ->
                Why.cause(failure) instanceof Refused && hello.createPool()
                    ? create(name, hello)
                    : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<PoolState> create(String name, ChannelHello hello) {
    if (PoolRoutes.isReserved(name)) {
      throw new ChannelEnd(ChannelEnd.NOT_AUTHORIZED, "the name of the pool is reserved");
    }
    var create =
        new WorkPoolCommand.Create(
            name, null, hello.workerType(), hello.template(), false, null, null);
    return check(hello)
        .thenCompose(fit -> pools.create(create).exceptionallyCompose(taken -> pools.get(name)));
  }

  /** Ends the channel if the template is none that a pool may have. */
  private CompletableFuture<Void> check(ChannelHello hello) {
    JobTemplate.problem(hello.template())
        .ifPresent(
            what -> {
              throw new ChannelEnd(ChannelEnd.PROTOCOL, what);
            });
    return JobTemplate.check(hello.template(), defaults)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    Why.cause(failure) instanceof Refused
                        ? new ChannelEnd(ChannelEnd.PROTOCOL, Why.of(failure))
                        : failure));
  }

  /** The queues that the worker serves, in the order in which it named them. */
  static List<WorkQueue> queues(PoolState state, ChannelHello hello) {
    if (hello.queues().isEmpty()) {
      return state.queues();
    }
    return hello.queues().stream()
        .map(
            name ->
                state
                    .queue(name)
                    .orElseThrow(
                        () ->
                            new ChannelEnd(ChannelEnd.NOT_AUTHORIZED, "there is no queue " + name)))
        .toList();
  }

  /** The pool with the worker heard, and with its template if there was none. */
  CompletableFuture<PoolState> served(PoolState state, ChannelHello hello) {
    var id = state.pool().id();
    var template = state.pool().baseJobTemplate();
    CompletableFuture<Void> given = CompletableFuture.completedFuture(null);
    if ((template == null || template.isEmpty()) && !hello.template().isEmpty()) {
      var change =
          new WorkPoolCommand.Change(
              EnumSet.of(Field.BASE_JOB_TEMPLATE), null, hello.template(), false, null, null);
      given = check(hello).thenCompose(fit -> pools.change(id, change));
    }
    return given
        .thenCompose(done -> heartbeat(id, hello.worker(), hello.heartbeatSeconds()))
        .thenCompose(version -> pools.get(id));
  }

  /**
   * @return the version of the pool; fails with {@link ChannelEnd} if it was not written
   */
  CompletableFuture<Long> heartbeat(UUID pool, String worker, int intervalSeconds) {
    return pools
        .heartbeat(pool, worker, intervalSeconds)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    new ChannelEnd(ChannelEnd.NO_HEARTBEAT, Why.cause(failure).toString())));
  }

  /** The pool as it is; refused if it is gone. */
  CompletableFuture<PoolState> get(UUID pool) {
    return pools.get(pool);
  }

  /** As clients see it: who knows channels knows the default result storage too. */
  CompletableFuture<PoolJson> view(PoolState state) {
    return views.of(state, true);
  }
}
