package io.sluice.load;

import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.Op;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what its worker has claimed, as Prefect 3.8.8's flow engine does (prefect/flow_engine.py): →
 * RUNNING, the flow itself with its lease renewed beside it, → COMPLETED. In Prefect each run has a
 * process of its own; here they share one client, wide enough for all, that has been connected
 * before.
 */
final class Engine {
  static final int CONNECTIONS = 256;
  private static final Duration NOT_YET = Duration.ofMillis(200);
  private static final int LEASE_SECONDS = 300;
  private static final Duration RENEW_EVERY = Duration.ofSeconds(225);

  private final ApiClient client;
  private final Proposer proposer;
  private final Timers timers;
  private final BurstPlan plan;
  private final Surroundings around;

  /** The requests that the engine sends around the state changes, if the plan wants them. */
  interface Surroundings {
    CompletableFuture<Void> beforeRunning(String run);

    void besideTheFlow(String run);
  }

  Engine(ApiClient client, Timers timers, BurstPlan plan, Surroundings around) {
    this.client = client;
    this.proposer = new Proposer(client, timers);
    this.timers = timers;
    this.plan = plan;
    this.around = around;
  }

  /** True once the run has ended, false if it was not to run. */
  CompletableFuture<Boolean> run(String run) {
    return around
        .beforeRunning(run)
        .thenCompose(ready -> begin(run))
        .thenCompose(
            reply ->
                Proposer.isTaken(reply, "RUNNING")
                    ? flow(run, reply)
                    : CompletableFuture.completedFuture(isOver(reply)));
  }

  private static boolean isOver(Reply reply) {
    return "CANCELLED".equals(reply.stateType()) || "COMPLETED".equals(reply.stateType());
  }

  private CompletableFuture<Reply> begin(String run) {
    return proposer
        .propose(run, Op.RUNNING, "RUNNING", "Running")
        .thenCompose(
            reply ->
                "REJECT".equals(reply.verdict()) && "PENDING".equals(reply.stateType())
                    ? timers.after(NOT_YET).thenCompose(again -> begin(run))
                    : CompletableFuture.completedFuture(reply));
  }

  private CompletableFuture<Boolean> flow(String run, Reply running) {
    var ended = new AtomicBoolean();
    var lease = running.body().at("/state/state_details/deployment_concurrency_lease_id");
    if (lease.isTextual()) {
      renew(run, lease.asText(), ended);
    }
    around.besideTheFlow(run);
    return timers
        .after(plan.hold())
        .thenCompose(
            over -> {
              ended.set(true);
              return proposer.propose(run, Op.COMPLETED, "COMPLETED", "Completed");
            })
        .thenApply(reply -> Proposer.isTaken(reply, "COMPLETED"));
  }

  /** At once and every 225 s; a refusal shows in the log, where it is judged. */
  private void renew(String run, String lease, AtomicBoolean ended) {
    if (!ended.get()) {
      client
          .send(
              Ask.post(
                  Op.RENEW,
                  run,
                  "/v2/concurrency_limits/leases/" + lease + "/renew",
                  ApiClient.object().put("lease_duration", LEASE_SECONDS)))
          .thenCompose(renewed -> timers.after(RENEW_EVERY))
          .thenRun(() -> renew(run, lease, ended));
    }
  }
}
