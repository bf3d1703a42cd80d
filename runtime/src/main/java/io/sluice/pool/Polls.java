package io.sluice.pool;

import static io.sluice.cluster.Spans.longer;
import static io.sluice.cluster.Spans.shorter;

import com.typesafe.config.Config;
import io.sluice.cluster.Together;
import io.sluice.limit.Limits;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueueCommand;
import io.sluice.queue.WorkQueueReply.Due;
import io.sluice.queue.WorkQueueReply.DueRun;
import io.sluice.queue.WorkQueues;
import io.sluice.run.SlotSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Hands due runs to workers: in the order of queue priority and age, no more than can start soon,
 * and, since a worker that was answered stays away for some ten seconds, a whole burst at once.
 */
public final class Polls {
  /** How many runs one answer holds at most. */
  private static final int RUNS_MAX = 1000;

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);

  /** A burst is over when nothing came for so many times the longest pause before. */
  private static final int QUIET_GAPS = 4;

  /**
   * What a worker asks for.
   *
   * @param queues empty for all queues of the pool
   * @param after may be null
   * @param before null for all runs, due or not
   * @param worker its name, empty if it does not say
   * @param lookAhead whether it waits with runs whose turn comes soon; otherwise it is given only
   *     what could start now
   * @param hold how long the answer may wait if nothing is due
   * @param gone done when nobody waits for the answer any more: then nothing is handed out
   */
  public record Request(
      List<UUID> queues,
      Instant after,
      Instant before,
      int limit,
      String worker,
      boolean lookAhead,
      Duration hold,
      CompletableFuture<Void> gone) {}

  /** A run that is handed out. */
  public record HandOut(WorkQueue queue, DueRun run) {}

  private record Gathered(List<HandOut> runs, Due latest, Instant nextDue) {}

  private final WorkPools pools;
  private final WorkQueues queues;
  private final Limits limits;
  private final Function<UUID, CompletableFuture<Optional<UUID>>> limitOf;
  private final BooleanSupplier creating;
  private final InstantSource clock;
  private final SlotSettings slots;
  private final Duration quietLeast;
  private final Duration quietMost;
  private final Duration gatherMost;

  /**
   * @param limitOf the concurrency limit of a deployment, if it has one
   * @param creating whether runs are being created right now
   */
  public Polls(
      WorkPools pools,
      WorkQueues queues,
      Limits limits,
      Function<UUID, CompletableFuture<Optional<UUID>>> limitOf,
      BooleanSupplier creating,
      InstantSource clock,
      Config sluice) {
    this.pools = pools;
    this.queues = queues;
    this.limits = limits;
    this.limitOf = limitOf;
    this.creating = creating;
    this.clock = clock;
    this.slots = SlotSettings.from(sluice.getConfig("run"));
    this.quietLeast = sluice.getDuration("pool.burst-quiet-least");
    this.quietMost = sluice.getDuration("pool.burst-quiet-most");
    this.gatherMost = sluice.getDuration("pool.burst-gather-most");
  }

  /** The runs to hand out, in order; empty if none came due in time. */
  public CompletableFuture<List<HandOut>> poll(UUID pool, Request request) {
    var now = clock.instant();
    return poll(pool, request, now, now.plus(request.hold()))
        .thenApply(
            runs -> {
              var taken =
                  runs.subList(0, Math.min(runs.size(), Math.min(request.limit(), RUNS_MAX)));
              noteHanded(request, taken);
              return List.copyOf(taken);
            });
  }

  private CompletableFuture<List<HandOut>> poll(
      UUID pool, Request request, Instant began, Instant deadline) {
    return gather(pool, request, began)
        .thenCompose(
            gathered -> {
              if (request.gone().isDone()) {
                return CompletableFuture.completedFuture(List.<HandOut>of());
              }
              var now = clock.instant();
              if (gathered.runs().isEmpty() && now.isBefore(deadline)) {
                var due =
                    pools.awaitDue(
                        pool, wakeUp(request, gathered, began, deadline), request.hold());
                return CompletableFuture.anyOf(due, request.gone())
                    .thenCompose(some -> poll(pool, request, began, deadline));
              }
              return isBursting(request, gathered, began, now)
                  ? later(LOOK_AGAIN_AFTER)
                      .thenCompose(more -> poll(pool, request, began, deadline))
                  : CompletableFuture.completedFuture(gathered.runs());
            });
  }

  /** When the next run enters the window, which moves on while the worker waits. */
  private static Instant wakeUp(
      Request request, Gathered gathered, Instant began, Instant deadline) {
    if (gathered.nextDue() == null || request.before() == null) {
      return deadline;
    }
    var enters = gathered.nextDue().minus(Duration.between(began, request.before()));
    return enters.isBefore(deadline) ? enters : deadline;
  }

  /** Whether runs are still arriving, so that waiting a little gives the worker all of them. */
  private boolean isBursting(Request request, Gathered gathered, Instant began, Instant now) {
    return request.lookAhead()
        && !gathered.runs().isEmpty()
        && gathered.latest() != null
        && (creating.getAsBoolean() || isExpectingMore(gathered.latest(), now))
        && began.plus(request.hold()).plus(gatherMost).isAfter(now)
        && gathered.latest().lastArrival().isAfter(began.minus(gatherMost));
  }

  /** Whether the next one may still come, by the pace of those before it. */
  private boolean isExpectingMore(Due due, Instant now) {
    var gap = due.longestGap();
    var quiet =
        gap == null
            ? quietMost
            : shorter(longer(gap.multipliedBy(QUIET_GAPS), quietLeast), quietMost);
    return due.lastArrival().plus(quiet).isAfter(now);
  }

  private static CompletableFuture<Void> later(Duration wait) {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
  }

  private CompletableFuture<Gathered> gather(UUID pool, Request request, Instant began) {
    return pools
        .get(pool)
        .thenCompose(
            state -> {
              var asked =
                  state.queues().stream()
                      .filter(queue -> !state.pool().paused() && !queue.paused())
                      .filter(
                          queue ->
                              request.queues().isEmpty() || request.queues().contains(queue.id()))
                      .toList();
              return gather(state, asked, request, began);
            });
  }

  private CompletableFuture<Gathered> gather(
      PoolState state, List<WorkQueue> asked, Request request, Instant began) {
    var now = clock.instant();
    var before =
        request.before() == null ? null : request.before().plus(Duration.between(began, now));
    boolean named = request.lookAhead() && !request.worker().isEmpty();
    var peek =
        new WorkQueueCommand.Peek(
            request.after(), before, RUNS_MAX, named, !request.hold().isZero());
    return Together.found(asked, queue -> queues.peek(queue.id(), peek))
        .thenCompose(
            due ->
                choose(state, due, request, named)
                    .thenApply(runs -> new Gathered(runs, latest(due), nextDue(due))));
  }

  /** Of the queue at which a run arrived last, null if none did anywhere. */
  private static Due latest(Map<WorkQueue, Due> due) {
    return due.values().stream()
        .filter(queue -> queue.lastArrival() != null)
        .max(Comparator.comparing(Due::lastArrival))
        .orElse(null);
  }

  private static Instant nextDue(Map<WorkQueue, Due> due) {
    return due.values().stream()
        .map(Due::nextDue)
        .filter(java.util.Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }

  // ---- choosing ----

  private CompletableFuture<List<HandOut>> choose(
      PoolState state, Map<WorkQueue, Due> due, Request request, boolean named) {
    var candidates = new ArrayList<HandOut>();
    due.forEach(
        (queue, found) ->
            found.runs().stream()
                .filter(run -> !named || isFree(run, request.worker()))
                .forEach(run -> candidates.add(new HandOut(queue, run))));
    return room(state, due, request)
        .thenCombine(
            named ? turns(candidates) : CompletableFuture.completedFuture(Map.<UUID, Integer>of()),
            (room, turns) -> Choice.of(candidates, room, turns));
  }

  private static boolean isFree(DueRun run, String worker) {
    return run.offeredTo() == null || run.offeredTo().equals(worker);
  }

  /** How many runs the pool and each of its queues have room for, by id; absent: any number. */
  private CompletableFuture<Map<UUID, Integer>> room(
      PoolState state, Map<WorkQueue, Due> due, Request request) {
    var limited = new HashMap<UUID, Integer>();
    var ids = new ArrayList<UUID>();
    int occupied = 0;
    for (var queue : due.entrySet()) {
      occupied += queue.getValue().occupied();
      var limit = queue.getKey().concurrencyLimit();
      if (limit != null) {
        limited.put(queue.getKey().id(), Math.max(0, limit - queue.getValue().occupied()));
        ids.add(queue.getKey().id());
      }
    }
    var poolLimit = state.pool().concurrencyLimit();
    if (poolLimit == null) {
      return lookAhead(limited, ids, request);
    }
    ids.add(state.pool().id());
    return pools
        .activeSlots(state)
        .thenCompose(
            active -> {
              limited.put(state.pool().id(), Math.max(0, poolLimit - active));
              return lookAhead(limited, ids, request);
            });
  }

  private CompletableFuture<Map<UUID, Integer>> lookAhead(
      Map<UUID, Integer> limited, List<UUID> ids, Request request) {
    if (!request.lookAhead() || ids.isEmpty()) {
      return CompletableFuture.completedFuture(limited);
    }
    return outlooks(ids)
        .thenApply(
            outlooks -> {
              outlooks.forEach((id, askers) -> limited.merge(id, askers, Math::max));
              return limited;
            });
  }

  private CompletableFuture<Map<UUID, Integer>> outlooks(List<UUID> ids) {
    return Together.each(ids, id -> limits.outlook(id, slots.patience(), slots.lookAhead()))
        .thenApply(
            outlooks -> {
              var askers = new HashMap<UUID, Integer>();
              outlooks.forEach(
                  (id, outlook) -> {
                    if (outlook.limited()) {
                      askers.put(id, outlook.askers());
                    }
                  });
              return askers;
            });
  }

  /** How many runs of each limited deployment would start soon. */
  private CompletableFuture<Map<UUID, Integer>> turns(List<HandOut> candidates) {
    var deployments =
        candidates.stream()
            .map(out -> out.run().deploymentId())
            .filter(java.util.Objects::nonNull)
            .distinct()
            .toList();
    return Together.found(deployments, limitOf)
        .thenCompose(
            byDeployment ->
                outlooks(byDeployment.values().stream().distinct().toList())
                    .thenApply(
                        askers -> {
                          var turns = new HashMap<UUID, Integer>();
                          byDeployment.forEach(
                              (id, limit) -> {
                                if (askers.containsKey(limit)) {
                                  turns.put(id, askers.get(limit));
                                }
                              });
                          return turns;
                        }));
  }

  private void noteHanded(Request request, List<HandOut> taken) {
    if (request.worker().isEmpty()) {
      return;
    }
    var byQueue = new HashMap<UUID, List<UUID>>();
    for (var out : taken) {
      byQueue.computeIfAbsent(out.queue().id(), id -> new ArrayList<>()).add(out.run().runId());
    }
    byQueue.forEach(
        (queue, runs) -> queues.offered(queue, runs, request.worker(), clock.instant()));
  }
}
