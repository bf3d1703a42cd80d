package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.Polls;
import io.sluice.pool.Polls.HandOut;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueueReply.Occupants;
import io.sluice.queue.WorkQueues;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Due runs for workers (Prefect 3.8.8, server/api/workers.py, work_queues.py).
 *
 * <p>Three kinds of askers are told apart. A worker that names itself (every worker of Prefect 3
 * does) is held while nothing is due and is given what can start soon. A program that polls like a
 * worker, up to a minute ahead and without a limit, is held for a moment only. Whoever else asks is
 * answered at once with what is due and has room.
 */
final class PollRoutes {
  private static final Duration WORKER_LIKE_AHEAD = Duration.ofSeconds(60);
  private static final int WORKERS_MAX = 10_000;

  private final WorkPools pools;
  private final WorkQueues queues;
  private final Polls polls;
  private final FlowRuns runs;
  private final FlowRunViews views;
  private final InstantSource clock;
  private final List<Duration> holds;
  private final Map<String, Boolean> polledBefore = new ConcurrentHashMap<>();

  PollRoutes(Owners owners, InstantSource clock, Config http) {
    this.pools = owners.pools();
    this.queues = owners.queues();
    this.polls = owners.polls();
    this.runs = owners.flowRuns();
    this.views = new FlowRunViews(owners, clock);
    this.clock = clock;
    this.holds = http.getDurationList("poll-holds");
  }

  void addTo(Router router) {
    router
        .post("/work_pools/{pool}/get_scheduled_flow_runs", this::poll)
        .post("/work_queues/{id}/get_runs", this::ofQueue);
  }

  /** What the body asks for; {@code limit} null if it does not say. */
  private record Asked(List<String> names, Instant before, Instant after, Integer limit) {}

  private CompletableFuture<Answer> poll(Call call) {
    var body = call.arguments();
    boolean limited = body.node("limit").isPresent();
    int limit = Page.of(body).limit();
    var asked =
        new Asked(
            body.texts("work_queue_names").orElse(List.of()),
            body.time("scheduled_before").orElse(null),
            body.time("scheduled_after").orElse(null),
            limited ? limit : null);
    body.end();
    return pools
        .get(call.parameter("pool"))
        .thenCompose(state -> poll(call, state, asked))
        .thenApply(Answer::ok);
  }

  private CompletableFuture<List<HandedJson>> poll(Call call, PoolState state, Asked asked) {
    var chosen =
        asked.names().isEmpty()
            ? state.queues()
            : asked.names().stream().map(name -> PoolQueueRoutes.queue(state, name)).toList();
    pools.polled(state.pool().id(), chosen.stream().map(WorkQueue::id).toList());
    var gone = new CompletableFuture<Void>();
    var unwatch = call.connection().whenGone(() -> gone.complete(null));
    var request = request(call, asked, chosen, gone);
    return polls
        .poll(state.pool().id(), request)
        .whenComplete((handed, failure) -> unwatch.run())
        .thenCompose(
            handed -> {
              if (request.lookAhead()) {
                handed.forEach(out -> runs.offer(out.run().runId(), request.worker()));
              }
              return json(handed);
            });
  }

  private Polls.Request request(
      Call call, Asked asked, List<WorkQueue> chosen, CompletableFuture<Void> gone) {
    var worker = Proposals.name(call);
    boolean named = !worker.isEmpty();
    boolean workerLike =
        asked.limit() == null
            && asked.after() == null
            && asked.before() != null
            && asked.before().isBefore(clock.instant().plus(WORKER_LIKE_AHEAD));
    var ids =
        asked.names().isEmpty() ? List.<UUID>of() : chosen.stream().map(WorkQueue::id).toList();
    boolean works = named || workerLike;
    int limit = Integer.MAX_VALUE;
    if (asked.limit() != null || !works) {
      limit = asked.limit() == null ? Page.LIMIT_MAX : asked.limit();
    }
    var hold = Duration.ZERO;
    if (works && asked.limit() == null && call.mayHold()) {
      hold = named ? hold(worker, call) : holds.get(0);
    }
    return new Polls.Request(
        ids, asked.after(), asked.before(), limit, worker, named || workerLike, hold, gone);
  }

  /** The first hold is short: {@code prefect worker start --run-once} polls once and ends. */
  private Duration hold(String worker, Call call) {
    if (polledBefore.size() >= WORKERS_MAX) {
      polledBefore.clear();
    }
    boolean first =
        polledBefore.putIfAbsent(worker + "@" + call.connection().remoteHost(), true) == null;
    return holds.get(first ? 0 : 1);
  }

  /** WorkerFlowRunResponse. */
  private record HandedJson(UUID workPoolId, UUID workQueueId, FlowRunJson flowRun) {}

  private CompletableFuture<List<HandedJson>> json(List<HandOut> handed) {
    return runs.getAll(handed.stream().map(out -> out.run().runId()).toList())
        .thenApply(
            found -> {
              var byId = new HashMap<UUID, FlowRun>();
              found.forEach(run -> byId.put(run.id(), run));
              var now = clock.instant();
              var all = new ArrayList<HandedJson>();
              for (var out : handed) {
                var run = Optional.ofNullable(byId.get(out.run().runId()));
                run.filter(FlowRun::isWaitingForWorker)
                    .ifPresent(
                        waiting ->
                            all.add(
                                new HandedJson(
                                    out.queue().poolId(),
                                    out.queue().id(),
                                    FlowRunJson.core(waiting, now))));
              }
              return all;
            });
  }

  /** Runs of one queue; here runs that are being cancelled take its slots, too. */
  private CompletableFuture<Answer> ofQueue(Call call) {
    var body = call.arguments();
    var before = body.time("scheduled_before").orElse(null);
    int limit = Page.of(body).limit();
    body.end();
    var id = call.id("id");
    boolean looks = call.header("X-Prefect-UI").filter("true"::equalsIgnoreCase).isPresent();
    return pools
        .ofQueue(id)
        .thenCompose(
            state -> {
              if (!looks) {
                pools.polled(state.pool().id(), List.of(id));
              }
              var queue = state.queue(id).orElseThrow();
              var request =
                  new Polls.Request(
                      List.of(id),
                      null,
                      before,
                      limit,
                      "",
                      false,
                      Duration.ZERO,
                      new CompletableFuture<>());
              return queues
                  .occupants(id)
                  .thenCombine(
                      polls.poll(state.pool().id(), request),
                      (occupants, handed) ->
                          handed.subList(0, Math.min(handed.size(), room(queue, occupants))));
            })
        .thenCompose(handed -> runs.getAll(handed.stream().map(out -> out.run().runId()).toList()))
        .thenCompose(views::of)
        .thenApply(Answer::ok);
  }

  private static int room(WorkQueue queue, Occupants occupants) {
    return queue.concurrencyLimit() == null
        ? Integer.MAX_VALUE
        : Math.max(
            0, queue.concurrencyLimit() - occupants.runIds().size() - occupants.cancelling());
  }
}
