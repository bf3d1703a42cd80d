package io.sluice.explain;

import static io.sluice.rejection.Refused.orEmpty;

import io.sluice.deployment.Deployment;
import io.sluice.deployment.Deployments;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.Limits;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueueCommand;
import io.sluice.queue.WorkQueueReply;
import io.sluice.queue.WorkQueues;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRuns;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks the owners for what {@link Explainer} has to know. Changes nothing. */
public final class Explanations {
  /** How many holders of a limit are named. */
  public static final int HOLDERS_SHOWN = 10;

  /** How many named limits are searched for slots that a run holds or waits for. */
  public static final int LIMITS_SEEN = 200;

  private static final int RUNS_COUNTED = 1000;
  private static final int TASK_RUNS_SEEN = 1000;

  private final FlowRuns runs;
  private final WorkPools pools;
  private final WorkQueues queues;
  private final Deployments deployments;
  private final Limits limits;
  private final Listings listings;
  private final InstantSource clock;

  public Explanations(
      FlowRuns runs,
      WorkPools pools,
      WorkQueues queues,
      Deployments deployments,
      Limits limits,
      Listings listings,
      InstantSource clock) {
    this.runs = runs;
    this.pools = pools;
    this.queues = queues;
    this.deployments = deployments;
    this.limits = limits;
    this.listings = listings;
    this.clock = clock;
  }

  /**
   * Why the run is where it is, at this moment.
   *
   * @return refused with {@link Rejection.NotFound} if there is no such run
   */
  public CompletableFuture<Explanation> explain(UUID id) {
    return runs.get(id).thenCompose(this::facts).thenApply(Explainer::explain);
  }

  private CompletableFuture<Facts> facts(FlowRun run) {
    var pool = pool(run);
    var deployment = deployment(run);
    var before = dueBefore(run);
    var tasks = taskRuns(run);
    var named = limits.list("", LIMITS_SEEN + 1, 0);
    return CompletableFuture.allOf(pool, deployment, before, tasks, named)
        .thenCompose(
            all ->
                facts(
                    run,
                    pool.join().orElse(null),
                    deployment.join().orElse(null),
                    before.join(),
                    tasks.join(),
                    named.join()));
  }

  private CompletableFuture<Facts> facts(
      FlowRun run,
      PoolState pool,
      Deployment deployment,
      int before,
      Set<UUID> tasks,
      List<View> named) {
    var ofPool = view(pool == null || pool.pool().concurrencyLimit() == null, placeOf(run, true));
    var ofQueue = view(run.spec().place() == null, placeOf(run, false));
    var limitId = deployment == null ? null : deployment.limitId();
    var ofDeployment = view(limitId == null, limitId);
    var seen = named.subList(0, Math.min(LIMITS_SEEN, named.size()));
    var own =
        seen.stream()
            .filter(limit -> !limit.id().equals(limitId))
            .filter(limit -> concerns(limit, run.id(), tasks))
            .toList();
    return CompletableFuture.allOf(ofPool, ofQueue, ofDeployment)
        .thenCompose(
            all -> {
              var chain =
                  Stream.concat(
                          Stream.of(ofPool.join(), ofQueue.join(), ofDeployment.join())
                              .flatMap(Optional::stream),
                          own.stream())
                      .toList();
              return names(chain)
                  .thenApply(
                      names ->
                          new Facts(
                              run,
                              clock.instant(),
                              pool,
                              ofPool.join().orElse(null),
                              ofQueue.join().orElse(null),
                              before,
                              deployment,
                              ofDeployment.join().orElse(null),
                              own,
                              named.size() - seen.size(),
                              tasks,
                              names));
            });
  }

  private static UUID placeOf(FlowRun run, boolean pool) {
    var place = run.spec().place();
    return place == null ? null : pool ? place.poolId() : place.queueId();
  }

  private static boolean concerns(View limit, UUID run, Set<UUID> tasks) {
    return Stream.concat(
            limit.leases().stream().map(held -> held.lease().holder()),
            limit.line().stream().map(waiting -> waiting.holder()))
        .filter(Objects::nonNull)
        .anyMatch(holder -> holder.id().equals(run) || tasks.contains(holder.id()));
  }

  private CompletableFuture<Optional<View>> view(boolean none, UUID limit) {
    return none
        ? CompletableFuture.completedFuture(Optional.empty())
        : orEmpty(Rejection.LimitNotFound.class, limits.get(limit));
  }

  private CompletableFuture<Optional<PoolState>> pool(FlowRun run) {
    return run.spec().place() == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : pools.find(run.spec().place().poolId());
  }

  private CompletableFuture<Optional<Deployment>> deployment(FlowRun run) {
    return run.spec().deploymentId() == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : deployments.find(run.spec().deploymentId());
  }

  private CompletableFuture<Integer> dueBefore(FlowRun run) {
    if (run.spec().place() == null || !run.isWaitingForWorker()) {
      return CompletableFuture.completedFuture(0);
    }
    var peek =
        new WorkQueueCommand.Peek(
            null, run.progress().nextScheduledStart(), RUNS_COUNTED, false, false);
    return queues
        .peek(run.spec().place().queueId(), peek)
        .thenApply(
            due ->
                due.map(WorkQueueReply.Due::runs).orElse(List.of()).stream()
                    .map(WorkQueueReply.DueRun::runId)
                    .takeWhile(other -> !other.equals(run.id()))
                    .mapToInt(other -> 1)
                    .sum());
  }

  private CompletableFuture<Set<UUID>> taskRuns(FlowRun run) {
    var running =
        new Filter.All(
            List.of(
                new Filter.Test("flow_run_id", Op.ANY, List.of(run.id())),
                new Filter.Test("state.type", Op.ANY, List.of("RUNNING"))));
    return listings
        .ids(new Query(Kind.TASK_RUN, Map.of(Kind.TASK_RUN, running)), "", TASK_RUNS_SEEN, 0)
        .thenApply(Set::copyOf);
  }

  private CompletableFuture<Map<UUID, String>> names(List<View> chain) {
    var holders =
        chain.stream()
            .flatMap(limit -> limit.leases().stream().limit(HOLDERS_SHOWN))
            .map(held -> held.lease().holder())
            .filter(Objects::nonNull)
            .filter(holder -> holder.type() == Holder.Type.FLOW_RUN)
            .map(Holder::id)
            .distinct()
            .toList();
    return runs.getAll(holders)
        .thenApply(
            found ->
                found.stream()
                    .collect(Collectors.toMap(FlowRun::id, run -> run.spec().name(), (a, b) -> a)));
  }
}
