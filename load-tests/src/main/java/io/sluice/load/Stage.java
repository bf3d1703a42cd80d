package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.ApiClient.Ask;
import io.sluice.load.history.Op;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/**
 * What a burst plays on: a flow, a work pool and a deployment of its own, under new names.
 *
 * @param limitOn which of them has the limit that decides
 */
record Stage(String pool, String flowId, String deploymentId, BurstPlan.LimitOn limitOn) {

  /**
   * @throws Failure if the server cannot be reached or refuses
   */
  static Stage set(ApiClient client, BurstPlan plan) {
    var name = "burst-" + UUID.randomUUID().toString().substring(0, 8);
    try {
      var flow = post(client, "/flows/", ApiClient.object().put("name", name));
      var pool = ApiClient.object().put("name", name).put("type", "process");
      slots(plan, BurstPlan.LimitOn.POOL).ifPresent(slots -> pool.put("concurrency_limit", slots));
      post(client, "/work_pools/", pool);
      var slots = slots(plan, BurstPlan.LimitOn.QUEUE);
      if (slots.isPresent()) {
        var queue = ApiClient.object().put("concurrency_limit", slots.get());
        client
            .send(
                new Ask(Op.SETUP, null, "PATCH", "/work_pools/" + name + "/queues/default", queue))
            .join();
      }
      var deployment = post(client, "/deployments/", deployment(name, flow, plan));
      return new Stage(name, flow, deployment, plan.limitOn());
    } catch (CompletionException failed) {
      throw refused(plan, ApiClient.cause(failed));
    }
  }

  /** How many slots a work pool or its queue gets. */
  private static Optional<Integer> slots(BurstPlan plan, BurstPlan.LimitOn what) {
    return plan.limitOn() == what ? Optional.of(plan.limit()) : plan.poolLimit();
  }

  private static String post(ApiClient client, String path, ObjectNode body) {
    return client.send(Ask.post(Op.SETUP, null, path, body)).join().text("id");
  }

  private static ObjectNode deployment(String name, String flow, BurstPlan plan) {
    var body =
        ApiClient.object()
            .put("name", name)
            .put("flow_id", flow)
            .put("work_pool_name", name)
            .put("work_queue_name", "default")
            .put("entrypoint", "flow.py:f")
            .put("path", ".");
    if (plan.limitOn() == BurstPlan.LimitOn.DEPLOYMENT) {
      body.put("concurrency_limit", plan.limit());
      body.putObject("concurrency_options").put("collision_strategy", plan.collision().name());
    }
    return body;
  }

  private static Failure refused(BurstPlan plan, Throwable why) {
    if (why instanceof RequestFailed failed && failed.status() != 0) {
      return new Failure(
          "The server at %s does not take the burst: %s"
              .formatted(plan.nodes(), failed.getMessage()),
          "Check that --url ends in /api and that the server speaks Prefect 3's API.",
          why);
    }
    var reason =
        why.getCause() instanceof HttpTimeoutException
            ? "no answer in time"
            : "no connection (%s)".formatted(why.getMessage());
    return new Failure(
        "No server can be reached at %s: %s.".formatted(plan.nodes(), reason),
        "Start one, e.g. 'java -jar sluice.jar server start', or name another with --url.",
        why);
  }
}
