package io.sluice.prefect;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.typesafe.config.Config;
import io.sluice.http.Call;
import io.sluice.run.FlowRuns;
import io.sluice.run.Proposal;
import io.sluice.run.ProposedState;
import io.sluice.run.Ruling;
import io.sluice.run.RunReply;
import io.sluice.run.StateType;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Proposals of states. Those of a worker for runs it was handed may be held until there is a slot;
 * a worker has 16 connections in all, so few of them are, and the others are told to come back,
 * spread over time, so that at any moment some of them ask.
 */
final class Proposals {
  private static final int WORKERS_MAX = 10_000;

  /** A client gives up after a minute. */
  private static final long PAUSE_MOST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final FlowRuns runs;
  private final Duration hold;
  private final int heldMax;
  private final int waitsPerSecond;
  private final int soonPerSecond;
  private final Spacing soonOfAll;
  private final Map<String, Worker> workers = new ConcurrentHashMap<>();

  /** One worker process: its held proposals, and when it may be told to WAIT. */
  private record Worker(AtomicInteger held, Spacing waits, Spacing soon) {}

  Proposals(FlowRuns runs, Config http) {
    this.runs = runs;
    this.hold = http.getDuration("proposal-hold");
    this.heldMax = http.getInt("proposals-held-max");
    this.waitsPerSecond = http.getInt("waits-per-second");
    this.soonPerSecond = http.getInt("soon-waits-per-second");
    this.soonOfAll = new Spacing(http.getInt("soon-waits-per-second-of-all"));
  }

  CompletableFuture<RunReply.Ruled> propose(
      Call call, UUID run, ProposedState state, boolean force) {
    boolean claims = state.type() == StateType.PENDING && !force;
    if (!claims) {
      return proposeAtOnce(call, run, state, force);
    }
    var worker = worker(call);
    boolean mayHold = worker.held().incrementAndGet() <= heldMax && call.mayHold();
    var proposal = proposal(call, state, false, mayHold ? hold : Duration.ZERO);
    var unwatch = call.connection().whenGone(() -> runs.withdraw(run, proposal.id()));
    return runs.propose(run, proposal)
        .whenComplete(
            (ruled, failure) -> {
              unwatch.run();
              worker.held().decrementAndGet();
            })
        .thenCompose(ruled -> mayHold ? completedFuture(ruled) : paced(call, worker, ruled));
  }

  /** Proposes without any wait: one of many in a request. */
  CompletableFuture<RunReply.Ruled> proposeAtOnce(
      Call call, UUID run, ProposedState state, boolean force) {
    return runs.propose(run, proposal(call, state, force, Duration.ZERO));
  }

  private Proposal proposal(Call call, ProposedState state, boolean force, Duration hold) {
    return new Proposal(
        UUID.randomUUID(), state, force, ClientVersion.keepsLeases(call), name(call), hold);
  }

  static String name(Call call) {
    return call.header("X-Prefect-Worker-Name").orElse("");
  }

  private Worker worker(Call call) {
    if (workers.size() >= WORKERS_MAX) {
      workers.values().removeIf(worker -> worker.held().get() == 0);
    }
    var key = name(call) + "@" + call.connection().remoteHost();
    return workers.computeIfAbsent(
        key,
        name ->
            new Worker(
                new AtomicInteger(), new Spacing(waitsPerSecond), new Spacing(soonPerSecond)));
  }

  private CompletableFuture<RunReply.Ruled> paced(Call call, Worker worker, RunReply.Ruled ruled) {
    if (ruled.status() != Ruling.Status.WAIT) {
      return completedFuture(ruled);
    }
    long wait = pause(worker, ruled.delaySeconds() == 0, System.nanoTime());
    if (wait <= 0 || !call.mayHold()) {
      return completedFuture(ruled);
    }
    return CompletableFuture.supplyAsync(
        () -> ruled, CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, Runnable::run));
  }

  /** Before a worker is told to wait, in nanoseconds. */
  private long pause(Worker worker, boolean soon, long now) {
    if (!soon) {
      return worker.waits().take(now);
    }
    long turn = Math.max(worker.soon().take(now), soonOfAll.take(now));
    return Math.min(turn + worker.soon().nanos(), PAUSE_MOST_NANOS);
  }
}
