package io.sluice.prefect;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.sluice.deployment.DeploymentTable;
import io.sluice.filter.Kind;
import io.sluice.filter.Listed;
import io.sluice.filter.Listings;
import io.sluice.flow.Flows;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.run.FlowRunTable;
import io.sluice.task.TaskRunTable;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Listings page by page, with the number of all. */
final class PaginateRoutes {
  private final Listings listings;
  private final FlowRunViews runs;
  private final DeploymentViews deployments;
  private final InstantSource clock;

  PaginateRoutes(Owners owners, DeploymentViews deployments, InstantSource clock) {
    this.listings = owners.listings();
    this.runs = new FlowRunViews(owners, clock);
    this.deployments = deployments;
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post(
            "/flows/paginate",
            call -> page(call, Kind.FLOW, "NAME_ASC", Flows.LISTED, each(FlowJson::of)))
        .post(
            "/flow_runs/paginate",
            call -> page(call, Kind.FLOW_RUN, "ID_DESC", FlowRunTable.LISTED, runs::of))
        .post(
            "/task_runs/paginate",
            call ->
                page(
                    call,
                    Kind.TASK_RUN,
                    "ID_DESC",
                    TaskRunTable.LISTED,
                    each(run -> TaskRunJson.of(run, clock.instant()))))
        .post(
            "/deployments/paginate",
            call ->
                page(call, Kind.DEPLOYMENT, "NAME_ASC", DeploymentTable.LISTED, deployments::of));
  }

  private static <T, J> Function<List<T>, CompletableFuture<List<J>>> each(Function<T, J> json) {
    return found -> completedFuture(found.stream().map(json).toList());
  }

  private <T, J> CompletableFuture<Answer> page(
      Call call,
      Kind kind,
      String sort,
      Listed<T> listed,
      Function<List<T>, CompletableFuture<List<J>>> shown) {
    var body = call.arguments();
    var query = FilterBody.joined(body, kind);
    var order = Sorts.of(body, kind, sort);
    var page = PageNumber.of(body);
    body.end();
    return Paginated.answer(listings, query, order, page, listed, shown);
  }
}
