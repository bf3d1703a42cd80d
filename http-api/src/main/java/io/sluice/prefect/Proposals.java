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
import java.util.concurrent.atomic.AtomicLong;

/**
 * Proposals of states. Those of a worker for runs it was handed may be held until there is a slot;
 * a worker has 16 connections in all, so few of them are, and the others are told to come back,
 * spread over time, so that at any moment some of them ask.
 */
final class Proposals {
  private static final int WORKERS_MAX = 10_000;

  private final FlowRuns runs;
  private final Duration hold;
  private final int heldMax;
  private final long waitSpacingNanos;
  private final long soonSpacingNanos;
  private final Map<String, Worker> workers = new ConcurrentHashMap<>();

  /** One worker process: its held proposals, and when its next WAIT may be answered. */
  private static final class Worker {
    final AtomicInteger held = new AtomicInteger();
    final AtomicLong nextWait = new AtomicLong(System.nanoTime());
    final AtomicLong nextSoon = new AtomicLong(System.nanoTime());
  }

  Proposals(FlowRuns runs, Config http) {
    this.runs = runs;
    this.hold = http.getDuration("proposal-hold");
    this.heldMax = http.getInt("proposals-held-max");
    this.waitSpacingNanos = 1_000_000_000L / http.getInt("waits-per-second");
    this.soonSpacingNanos = 1_000_000_000L / http.getInt("soon-waits-per-second");
  }

  CompletableFuture<RunReply.Ruled> propose(
      Call call, UUID run, ProposedState state, boolean force) {
    boolean claims = state.type() == StateType.PENDING && !force;
    if (!claims) {
      return proposeAtOnce(call, run, state, force);
    }
    var worker = worker(call);
    boolean mayHold = worker.held.incrementAndGet() <= heldMax && call.mayHold();
    var proposal = proposal(call, state, false, mayHold ? hold : Duration.ZERO);
    var unwatch = call.connection().whenGone(() -> runs.withdraw(run, proposal.id()));
    return runs.propose(run, proposal)
        .whenComplete(
            (ruled, failure) -> {
              unwatch.run();
              worker.held.decrementAndGet();
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
      workers.values().removeIf(worker -> worker.held.get() == 0);
    }
    var key = name(call) + "@" + call.connection().remoteHost();
    return workers.computeIfAbsent(key, name -> new Worker());
  }

  private CompletableFuture<RunReply.Ruled> paced(Call call, Worker worker, RunReply.Ruled ruled) {
    if (ruled.status() != Ruling.Status.WAIT) {
      return completedFuture(ruled);
    }
    boolean soon = ruled.delaySeconds() == 0;
    long spacing = soon ? soonSpacingNanos : waitSpacingNanos;
    long now = System.nanoTime();
    long turn =
        (soon ? worker.nextSoon : worker.nextWait)
            .updateAndGet(next -> Math.max(next, now) + spacing);
    long wait = soon ? turn - now : turn - spacing - now;
    if (wait <= 0 || !call.mayHold()) {
      return completedFuture(ruled);
    }
    return CompletableFuture.supplyAsync(
        () -> ruled, CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, Runnable::run));
  }
}
