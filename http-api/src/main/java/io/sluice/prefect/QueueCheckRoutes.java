package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.Deployments;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.queue.WorkQueueTable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Work queues whose old-style filters let a deployment's runs in (Prefect 3.8.8,
 * server/api/deployments.py work_queue_check, which is deprecated there). Runs go to the queue of
 * their deployment, whatever this says.
 */
final class QueueCheckRoutes {
  /** More queues than these are not looked at. */
  private static final int QUEUES_MAX = 1000;

  private final Deployments deployments;
  private final Listings listings;

  QueueCheckRoutes(Owners owners) {
    this.deployments = owners.deployments();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router.get("/deployments/{id}/work_queue_check", this::check);
  }

  private CompletableFuture<Answer> check(Call call) {
    return deployments
        .get(call.id("id"))
        .thenCompose(
            deployment ->
                listings
                    .list(
                        new Query(Kind.WORK_QUEUE, Map.of()),
                        "NAME_ASC",
                        QUEUES_MAX,
                        0,
                        WorkQueueTable.WHOLE)
                    .thenApply(
                        queues ->
                            queues.stream()
                                .filter(queue -> lets(queue.filter(), deployment))
                                .map(QueueJson.Stored::of)
                                .toList()))
        .thenApply(Answer::ok);
  }

  /** Whether it asks for no tag that the deployment lacks, and names no other deployments. */
  private static boolean lets(JsonNode filter, Deployment deployment) {
    if (filter == null || !filter.isObject()) {
      return true;
    }
    for (var tag : filter.path("tags")) {
      if (!deployment.spec().tags().contains(tag.asText())) {
        return false;
      }
    }
    var ids = filter.path("deployment_ids");
    boolean named = ids.isEmpty();
    for (var id : ids) {
      named |= id.asText().equals(deployment.id().toString());
    }
    return named;
  }
}
