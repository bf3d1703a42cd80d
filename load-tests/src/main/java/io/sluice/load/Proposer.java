package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.Op;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Proposes states of runs as Prefect 3.8.8 does (prefect/utilities/engine, {@code propose_state}):
 * WAIT means to sleep and propose again, each time as a new transition.
 */
record Proposer(ApiClient client, Timers timers) {
  private static final double MILLIS = 1000;

  /** The first answer that is no WAIT. */
  CompletableFuture<Reply> propose(String run, Op op, String type, String name) {
    return client
        .send(Ask.post(op, run, "/flow_runs/" + run + "/set_state", body(run, type, name)))
        .thenCompose(
            reply ->
                "WAIT".equals(reply.verdict())
                    ? timers.after(delay(reply)).thenCompose(waited -> propose(run, op, type, name))
                    : CompletableFuture.completedFuture(reply));
  }

  private static ObjectNode body(String run, String type, String name) {
    var body = ApiClient.object().put("force", false);
    body.putObject("state")
        .put("type", type)
        .put("name", name)
        .putObject("state_details")
        .put("flow_run_id", run)
        .put("transition_id", UUID.randomUUID().toString());
    return body;
  }

  private static Duration delay(Reply reply) {
    double seconds = reply.body().path("details").path("delay_seconds").asDouble(0);
    return Duration.ofMillis((long) (Math.max(0, seconds) * MILLIS));
  }

  /** Whether the client goes on as if its proposal was taken. */
  static boolean isTaken(Reply reply, String type) {
    return !"ABORT".equals(reply.verdict()) && type.equals(reply.stateType());
  }
}
