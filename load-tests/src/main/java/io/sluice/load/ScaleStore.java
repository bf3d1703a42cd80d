package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Fills a server with flow runs as a year of work leaves them: of ten flows with a deployment each,
 * nine in ten ended (one of these ten failed), the rest scheduled for tomorrow, with two tags each.
 */
final class ScaleStore implements AutoCloseable {
  static final int DEPLOYMENTS = 10;
  static final int TAGS = 50;
  private static final int FILLERS = 16;
  private static final int FAILED_OF_TEN = 3;
  private static final int SCHEDULED_OF_TEN = 7;
  private static final int TEN = 10;

  private final PlainClient client;
  private final String name = "scale-" + UUID.randomUUID().toString().substring(0, 8);
  private final List<Owner> owners = new ArrayList<>();
  private final ExecutorService fillers = Executors.newFixedThreadPool(FILLERS);
  private int stored;

  /** A flow and its deployment. */
  record Owner(String flowId, String deploymentId) {}

  ScaleStore(PlainClient client) {
    this.client = client;
    this.stored = client.post("/flow_runs/count", ApiClient.object()).asInt();
    client.post("/work_pools/", ApiClient.object().put("name", name).put("type", "process"));
    for (int i = 0; i < DEPLOYMENTS; i++) {
      owners.add(owner(name + "-" + i));
    }
  }

  private Owner owner(String each) {
    var flow = client.post("/flows/", ApiClient.object().put("name", each)).path("id").asText();
    var deployment =
        ApiClient.object()
            .put("name", each)
            .put("flow_id", flow)
            .put("work_pool_name", name)
            .put("entrypoint", "flow.py:f")
            .put("path", ".");
    return new Owner(flow, client.post("/deployments/", deployment).path("id").asText());
  }

  /** The name of the work pool, and of all else up to its number. */
  String name() {
    return name;
  }

  Owner owner(int number) {
    return owners.get(number % DEPLOYMENTS);
  }

  /** One more was created for a measurement. */
  void added() {
    stored++;
  }

  /** How many flow runs the server has, with those that it had before. */
  int stored() {
    return stored;
  }

  /**
   * Adds runs until there are so many; {@code progress} is told how many there are, now and then.
   */
  void fillTo(int runs, IntConsumer progress) {
    var next = new AtomicInteger(stored);
    var ends = new ArrayList<Future<?>>();
    for (int i = 0; i < FILLERS; i++) {
      ends.add(
          fillers.submit(
              () -> {
                for (int n = next.getAndIncrement(); n < runs; n = next.getAndIncrement()) {
                  client.post("/flow_runs/", run(n));
                  progress.accept(n);
                }
              }));
    }
    ends.forEach(ScaleStore::end);
    stored = Math.max(stored, runs);
  }

  private static void end(Future<?> filler) {
    try {
      filler.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Failure failure
          ? failure
          : new IllegalStateException(failed.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new Failure("Interrupted.", "Start it again.", stop);
    }
  }

  /** The run of that number, in the state it was left in. */
  private ObjectNode run(int number) {
    var owner = owner(number);
    var run =
        ApiClient.object()
            .put("name", "%s-run-%d".formatted(name, number))
            .put("flow_id", owner.flowId())
            .put("deployment_id", owner.deploymentId())
            .put("work_pool_name", name);
    run.putArray("tags").add("tag-" + number % TAGS).add("scale");
    run.putObject("parameters").put("customer", number).put("region", "north");
    run.set("state", state(number / DEPLOYMENTS % TEN));
    return run;
  }

  private static ObjectNode state(int kind) {
    if (kind == SCHEDULED_OF_TEN) {
      var state = ApiClient.object().put("type", "SCHEDULED").put("name", "Scheduled");
      state
          .putObject("state_details")
          .put("scheduled_time", Instant.now().plus(Duration.ofDays(1)).toString());
      return state;
    }
    return kind == FAILED_OF_TEN
        ? ApiClient.object().put("type", "FAILED").put("name", "Failed")
        : ApiClient.object().put("type", "COMPLETED").put("name", "Completed");
  }

  @Override
  public void close() {
    fillers.shutdownNow();
  }
}
