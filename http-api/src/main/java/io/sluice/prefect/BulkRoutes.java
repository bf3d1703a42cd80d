package io.sluice.prefect;

import io.sluice.cluster.Together;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.node.Removals;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRuns;
import io.sluice.run.ProposedState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What is done to all objects that fit a filter, at most {@value #AT_ONCE} per request (Prefect
 * 3.8.8, bulk_delete and bulk_set_state).
 */
final class BulkRoutes {
  private static final int AT_ONCE = 50;

  private final Listings listings;
  private final Removals removals;
  private final FlowRuns runs;
  private final Proposals proposals;

  BulkRoutes(Owners owners, Proposals proposals) {
    this.listings = owners.listings();
    this.removals = owners.removals();
    this.runs = owners.flowRuns();
    this.proposals = proposals;
  }

  void addTo(Router router) {
    router
        .post("/flows/bulk_delete", call -> delete(call, "flows", Kind.FLOW, removals::flow))
        .post(
            "/deployments/bulk_delete",
            call -> delete(call, "deployments", Kind.DEPLOYMENT, removals::deployment))
        .post(
            "/flow_runs/bulk_delete",
            call -> delete(call, "flow_runs", Kind.FLOW_RUN, runs::delete))
        .post("/flow_runs/bulk_set_state", this::setStates);
  }

  private static int limit(Body body) {
    return body.integer("limit", 1, AT_ONCE).orElse(AT_ONCE);
  }

  private CompletableFuture<List<UUID>> ids(Query query, int limit) {
    return listings.ids(query, "ID_DESC", limit, 0);
  }

  /** Answers the ids of what was deleted by this request; somebody else may have been faster. */
  private CompletableFuture<Answer> delete(
      Call call, String filter, Kind kind, Function<UUID, CompletableFuture<Void>> delete) {
    var body = call.arguments();
    var query = FilterBody.alone(body, filter, kind);
    int limit = limit(body);
    body.end();
    return ids(query, limit)
        .thenCompose(
            ids ->
                Together.all(
                    ids.stream()
                        .map(
                            id ->
                                delete
                                    .apply(id)
                                    .thenApply(done -> id)
                                    .exceptionally(Refused.or(Rejection.NotFound.class, null)))
                        .toList()))
        .thenApply(
            deleted ->
                Answer.ok(Map.of("deleted", deleted.stream().filter(Objects::nonNull).toList())));
  }

  private CompletableFuture<Answer> setStates(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "flow_runs", Kind.FLOW_RUN);
    var state = StateJson.required(body, "state");
    boolean force = body.bool("force").orElse(false);
    int limit = limit(body);
    body.end();
    return ids(query, limit)
        .thenCompose(
            ids -> Together.all(ids.stream().map(id -> setState(call, id, state, force)).toList()))
        .thenApply(results -> Answer.ok(Map.of("results", results)));
  }

  private CompletableFuture<OrchestrationJson.OfRun> setState(
      Call call, UUID run, ProposedState state, boolean force) {
    return proposals
        .proposeAtOnce(call, run, state, force)
        .thenApply(ruled -> OrchestrationJson.ofRun(run, ruled))
        .exceptionally(Refused.or(Rejection.NotFound.class, OrchestrationJson.gone(run)));
  }
}
