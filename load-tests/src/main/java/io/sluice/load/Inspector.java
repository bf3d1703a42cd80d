package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.FinalState;
import io.sluice.load.history.FinalState.FinalRun;
import io.sluice.load.history.Op;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Asks the server what is left of a burst. */
record Inspector(ApiClient client, Timers timers) {
  private static final int PAGE = 200;
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** How many runs have ended, in whatever way. */
  CompletableFuture<Integer> ended(Stage stage) {
    var body = ofDeployment(stage);
    body.putObject("flow_runs")
        .putObject("state")
        .putObject("type")
        .putArray("any_")
        .add("COMPLETED")
        .add("CANCELLED")
        .add("FAILED")
        .add("CRASHED");
    return client
        .send(Ask.post(Op.READ, null, "/flow_runs/count", body))
        .thenApply(reply -> reply.body().asInt());
  }

  private static ObjectNode ofDeployment(Stage stage) {
    var body = ApiClient.object();
    body.putObject("deployments").putObject("id").putArray("any_").add(stage.deploymentId());
    return body;
  }

  /** The slots that are taken, by what limits them; asked again for a while until none is. */
  CompletableFuture<Map<String, Integer>> slotsLeft(Stage stage, Duration patience) {
    return slots(stage)
        .thenCompose(
            slots -> {
              boolean free = slots.values().stream().allMatch(taken -> taken == 0);
              return free || patience.isNegative()
                  ? CompletableFuture.completedFuture(slots)
                  : timers
                      .after(LOOK_EVERY)
                      .thenCompose(next -> slotsLeft(stage, patience.minus(LOOK_EVERY)));
            });
  }

  private CompletableFuture<Map<String, Integer>> slots(Stage stage) {
    var slots = new TreeMap<String, Integer>();
    var status = "/work_pools/" + stage.pool() + "/concurrency_status";
    return deploymentSlots(stage, slots)
        .thenCompose(next -> client.send(Ask.post(Op.READ, null, status, ApiClient.object())))
        .thenApply(
            reply -> {
              slots.put("work pool", reply.body().path("active_slots").asInt());
              for (var queue : reply.body().path("queues")) {
                slots.put(
                    "work queue " + queue.path("queue_name").asText(),
                    queue.path("active_slots").asInt());
              }
              return slots;
            });
  }

  private CompletableFuture<Void> deploymentSlots(Stage stage, Map<String, Integer> slots) {
    if (stage.limitOn() != BurstPlan.LimitOn.DEPLOYMENT) {
      return CompletableFuture.completedFuture(null);
    }
    var path = "/v2/concurrency_limits/deployment%3A" + stage.deploymentId();
    return client
        .send(Ask.get(Op.READ, null, path))
        .thenAccept(
            reply -> slots.put("deployment limit", reply.body().path("active_slots").asInt()));
  }

  /** Every run of the deployment, and the slots that are still taken after {@code patience}. */
  CompletableFuture<FinalState> finalState(Stage stage, Duration patience) {
    return slotsLeft(stage, patience)
        .thenCompose(
            slots -> runs(stage, new HashMap<>(), 0).thenApply(r -> new FinalState(r, slots)));
  }

  private CompletableFuture<Map<String, FinalRun>> runs(
      Stage stage, Map<String, FinalRun> soFar, int offset) {
    var body = ofDeployment(stage).put("limit", PAGE).put("offset", offset).put("sort", "ID_DESC");
    return client
        .send(Ask.post(Op.READ, null, "/flow_runs/filter", body))
        .thenCompose(
            reply -> {
              for (var run : reply.body()) {
                soFar.put(
                    run.path("id").asText(),
                    new FinalRun(run.path("state_type").asText(), run.path("run_count").asInt()));
              }
              return reply.body().size() < PAGE
                  ? CompletableFuture.completedFuture(soFar)
                  : runs(stage, soFar, offset + PAGE);
            });
  }
}
