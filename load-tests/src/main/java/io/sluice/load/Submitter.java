package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.Op;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Creates all runs of a burst, as many at once as its client has connections. */
final class Submitter {
  static final int CONNECTIONS = 32;

  private final ApiClient client;
  private final BurstPlan plan;
  private final Stage stage;
  private final InstantSource clock;
  private final Consumer<String> created;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param created told the id of each run that is acknowledged
   */
  Submitter(
      ApiClient client,
      BurstPlan plan,
      Stage stage,
      InstantSource clock,
      Consumer<String> created) {
    this.client = client;
    this.plan = plan;
    this.stage = stage;
    this.clock = clock;
    this.created = created;
  }

  /** Done when each creation was acknowledged or given up. */
  CompletableFuture<Void> submit() {
    var lanes = new CompletableFuture<?>[CONNECTIONS];
    for (int lane = 0; lane < CONNECTIONS; lane++) {
      lanes[lane] = createNext();
    }
    return CompletableFuture.allOf(lanes);
  }

  private CompletableFuture<Void> createNext() {
    if (next.incrementAndGet() > plan.runs()) {
      return CompletableFuture.completedFuture(null);
    }
    var path = "/deployments/" + stage.deploymentId() + "/create_flow_run";
    return client
        .send(Ask.post(Op.CREATE, null, path, body()))
        .handle(
            (reply, failure) -> {
              if (failure == null) {
                created.accept(reply.text("id"));
              }
              return null;
            })
        .thenCompose(done -> createNext());
  }

  private ObjectNode body() {
    var body = ApiClient.object().put("enforce_parameter_schema", false);
    body.putObject("parameters");
    body.putObject("context");
    body.putArray("tags");
    if (plan.stubborn()) {
      body.put("idempotency_key", UUID.randomUUID().toString());
    }
    body.putObject("state")
        .put("type", "SCHEDULED")
        .put("name", "Scheduled")
        .putObject("state_details")
        .put("scheduled_time", clock.instant().toString());
    return body;
  }
}
