package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.Op;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A worker as Prefect 3.8.8's (prefect/workers/base.py): it polls, claims every run it is given by
 * proposing PENDING, and has its engine run what it has claimed; all with 16 connections. Outages
 * slow its polls down and, if they last, end it.
 */
final class Worker {
  static final int CONNECTIONS = 16;
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);
  private static final double FACTOR = 0.3;
  private static final int FAILURES_IN_A_ROW = 3;
  private static final int BACK_OFFS_MAX = 4;

  private final String name;
  private final ApiClient client;
  private final Proposer proposer;
  private final Engine engine;
  private final Surroundings around;
  private final Set<String> submitting = ConcurrentHashMap.newKeySet();
  private int failures;
  private int backOffs;

  /**
   * What all workers of a burst share.
   *
   * @param finished told the id of each run that has ended
   * @param over whether the burst is
   */
  record Surroundings(
      BurstPlan plan,
      Stage stage,
      Timers timers,
      Jitter jitter,
      InstantSource clock,
      Consumer<String> finished,
      BooleanSupplier over) {}

  Worker(String name, ApiClient client, Engine engine, Surroundings around) {
    this.name = name;
    this.client = client;
    this.proposer = new Proposer(client, around.timers());
    this.engine = engine;
    this.around = around;
  }

  void start() {
    beat();
    poll();
  }

  private void beat() {
    if (around.over().getAsBoolean()) {
      return;
    }
    var body =
        ApiClient.object()
            .put("name", name)
            .put("heartbeat_interval_seconds", HEARTBEAT.toSeconds());
    client
        .send(Ask.post(Op.HEARTBEAT, null, ofPool("/workers/heartbeat"), body))
        .handle((done, failure) -> around.jitter().around(HEARTBEAT, FACTOR))
        .thenCompose(around.timers()::after)
        .thenRun(this::beat);
  }

  private String ofPool(String path) {
    return "/work_pools/" + around.stage().pool() + path;
  }

  private void poll() {
    if (around.over().getAsBoolean()) {
      return;
    }
    client
        .send(Ask.post(Op.POLL, null, ofPool("/get_scheduled_flow_runs"), window()))
        .handle(this::submitAll)
        .thenAccept(
            goesOn -> {
              if (goesOn) {
                var interval = around.plan().poll().multipliedBy(1L << backOffs);
                around.timers().after(around.jitter().around(interval, FACTOR)).thenRun(this::poll);
              }
            });
  }

  private ObjectNode window() {
    Instant before = around.clock().instant().plus(around.plan().prefetch());
    var body = ApiClient.object();
    body.putArray("work_queue_names");
    return body.put("scheduled_before", before.truncatedTo(ChronoUnit.MICROS).toString());
  }

  /** False if the worker's loop ends. */
  private boolean submitAll(Reply reply, Throwable failure) {
    if (failure != null) {
      return survives(ApiClient.cause(failure));
    }
    failures = 0;
    backOffs = 0;
    for (var row : reply.body()) {
      var run = row.path("flow_run").path("id").asText();
      if (submitting.add(run)) {
        submit(run);
      }
    }
    return true;
  }

  private boolean survives(Throwable failure) {
    if (!(failure instanceof RequestFailed failed && failed.isOutage())) {
      return false;
    }
    failures++;
    if (failures >= FAILURES_IN_A_ROW) {
      failures = 0;
      backOffs++;
    }
    return backOffs < BACK_OFFS_MAX;
  }

  private void submit(String run) {
    before(run)
        .thenCompose(ready -> proposer.propose(run, Op.PENDING, "PENDING", "Pending"))
        .thenCompose(
            reply -> {
              if (Proposer.isTaken(reply, "PENDING")) {
                return prepare(run).thenCompose(ready -> startEngine(run));
              }
              return CompletableFuture.completedFuture("CANCELLED".equals(reply.stateType()));
            })
        .whenComplete(
            (over, failure) -> {
              submitting.remove(run);
              if (failure == null && over) {
                around.finished().accept(run);
              }
            });
  }

  private CompletableFuture<Boolean> startEngine(String run) {
    submitting.remove(run);
    return engine.run(run);
  }

  private CompletableFuture<?> before(String run) {
    return around.plan().full()
        ? client.send(Ask.get(Op.READ, run, "/deployments/" + around.stage().deploymentId()))
        : CompletableFuture.completedFuture(null);
  }

  /** Between claim and start: what the worker looks up, notes and announces. */
  private CompletableFuture<?> prepare(String run) {
    if (!around.plan().full()) {
      return CompletableFuture.completedFuture(null);
    }
    var stage = around.stage();
    var labels = ApiClient.object().put("prefect.worker.name", name);
    return client
        .send(Ask.get(Op.READ, run, "/deployments/" + stage.deploymentId()))
        .thenCompose(next -> client.send(Ask.get(Op.READ, run, "/flows/" + stage.flowId())))
        .thenCompose(
            next ->
                client.send(
                    new Ask(Op.READ, run, "PATCH", "/flow_runs/" + run + "/labels", labels)))
        .thenCompose(next -> proposer.propose(run, Op.SUBMITTING, "PENDING", "Submitting"))
        .thenAccept(
            submitted ->
                client.send(
                    new Ask(
                        Op.READ,
                        run,
                        "PATCH",
                        "/flow_runs/" + run,
                        ApiClient.object().put("infrastructure_pid", "host:1"))));
  }
}
