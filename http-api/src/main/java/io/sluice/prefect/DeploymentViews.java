package io.sluice.prefect;

import io.sluice.cluster.Together;
import io.sluice.deployment.Deployment;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.Limits;
import io.sluice.node.Owners;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Deployments with what others know of them: the slots of their limits, polls of their queues. */
final class DeploymentViews {
  private final Limits limits;
  private final WorkPools pools;
  private final InstantSource clock;

  DeploymentViews(Owners owners, InstantSource clock) {
    this.limits = owners.limits();
    this.pools = owners.pools();
    this.clock = clock;
  }

  CompletableFuture<DeploymentJson> of(Deployment deployment) {
    return of(List.of(deployment)).thenApply(all -> all.get(0));
  }

  CompletableFuture<List<DeploymentJson>> of(List<Deployment> deployments) {
    var limitIds = deployments.stream().map(Deployment::limitId).filter(Objects::nonNull).toList();
    var poolIds =
        deployments.stream()
            .map(deployment -> deployment.spec().place())
            .filter(Objects::nonNull)
            .map(place -> place.poolId())
            .toList();
    return Together.found(limitIds, this::limit)
        .thenCombine(
            Together.found(poolIds, pools::find),
            (views, states) -> {
              var now = clock.instant();
              return deployments.stream()
                  .map(d -> DeploymentJson.of(d, views.get(d.limitId()), queue(d, states), now))
                  .toList();
            });
  }

  private CompletableFuture<Optional<View>> limit(UUID id) {
    return Refused.orEmpty(Rejection.LimitNotFound.class, limits.get(id));
  }

  private static WorkQueue queue(Deployment deployment, Map<UUID, PoolState> states) {
    var place = deployment.spec().place();
    var state = place == null ? null : states.get(place.poolId());
    return state == null ? null : state.queue(place.queueId()).orElse(null);
  }
}
