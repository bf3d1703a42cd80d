package io.sluice.node;

import io.sluice.cluster.Together;
import io.sluice.deployment.Deployments;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.flow.Flows;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRuns;
import io.sluice.run.RunCommand.Obsolete;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Deletes what others hang on, and what hangs on it. */
public final class Removals {
  private static final int AT_ONCE = 100;

  private final Flows flows;
  private final Deployments deployments;
  private final FlowRuns runs;
  private final Listings listings;

  Removals(Flows flows, Deployments deployments, FlowRuns runs, Listings listings) {
    this.flows = flows;
    this.deployments = deployments;
    this.runs = runs;
    this.listings = listings;
  }

  /** Deletes a deployment and those of its runs that have not begun; refused if there is none. */
  public CompletableFuture<Void> deployment(UUID id) {
    return deployments
        .delete(id)
        .thenCompose(deleted -> runs.unscheduleOf(id, Obsolete.DEPLOYMENT_DELETED));
  }

  /** Deletes a flow with all its deployments and runs; refused if there is none. */
  public CompletableFuture<Void> flow(UUID id) {
    return flows
        .get(id)
        .thenCompose(exists -> all(Kind.DEPLOYMENT, id, this::deployment))
        .thenCompose(done -> all(Kind.FLOW_RUN, id, runs::delete))
        .thenCompose(done -> flows.delete(id));
  }

  private CompletableFuture<Void> all(
      Kind kind, UUID flow, Function<UUID, CompletableFuture<Void>> delete) {
    var ofFlow = new Filter.Test("id", Op.ANY, List.of(flow));
    return listings
        .ids(new Query(kind, Map.of(Kind.FLOW, ofFlow)), "", AT_ONCE, 0)
        .thenCompose(
            ids ->
                ids.isEmpty()
                    ? CompletableFuture.<Void>completedFuture(null)
                    : Together.done(
                            ids.stream()
                                .map(
                                    id ->
                                        delete
                                            .apply(id)
                                            .exceptionally(
                                                Refused.or(Rejection.NotFound.class, null)))
                                .toList())
                        .thenCompose(some -> all(kind, flow, delete)));
  }
}
