package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.sluice.deployment.BlockDefaults;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentSpec;
import io.sluice.deployment.DeploymentTable;
import io.sluice.deployment.Deployments;
import io.sluice.deployment.Deployments.Edit;
import io.sluice.deployment.Hydrations;
import io.sluice.deployment.JobVariables;
import io.sluice.deployment.LimitWish;
import io.sluice.deployment.ParameterSchema;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.node.Removals;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.Place;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Deployments (Prefect 3.8.8, server/api/deployments.py). */
final class DeploymentRoutes {
  private final Deployments deployments;
  private final WorkPools pools;
  private final Listings listings;
  private final Removals removals;
  private final References references;
  private final Hydrations hydrations;
  private final BlockDefaults defaults;
  private final DeploymentViews views;
  private final InstantSource clock;

  DeploymentRoutes(Owners owners, DeploymentViews views, InstantSource clock) {
    this.deployments = owners.deployments();
    this.pools = owners.pools();
    this.listings = owners.listings();
    this.removals = owners.removals();
    this.references = new References(owners);
    this.hydrations = owners.hydrations();
    this.defaults = owners.blockDefaults();
    this.views = views;
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/deployments/", this::create)
        .get("/deployments/{id}", this::read)
        .get("/deployments/name/{flow_name}/{name}", this::readByName)
        .patch("/deployments/{id}", this::update)
        .delete("/deployments/{id}", this::delete)
        .post("/deployments/filter", this::list)
        .post("/deployments/count", this::count)
        .post("/deployments/{id}/pause_deployment", call -> pause(call, true))
        .post("/deployments/{id}/resume_deployment", call -> pause(call, false));
  }

  // ---- saying what it is ----

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var name = Names.ofDeployment(body);
    var flow = body.requiredId("flow_id");
    var labels = Names.labels(body);
    boolean parametersGiven = body.has("parameters");
    var now = clock.instant();
    var said = DeploymentBody.readNew(body, now);
    body.end();
    var schedules =
        said.schedules().orElse(List.of()).stream().map(draft -> draft.create(now)).toList();
    return deployments
        .put(
            flow,
            name,
            before ->
                checkVariables(said, defaults::of)
                    .thenCompose(fit -> references.blocks(said.blocks()))
                    .thenCompose(
                        fit -> place(said, before.map(d -> d.spec().place()).orElse(null), false))
                    .thenApply(
                        place -> {
                          var spec =
                              before
                                  .map(Deployment::spec)
                                  .orElseGet(() -> DeploymentBody.blank().build())
                                  .with(said.change())
                                  .with(
                                      s -> {
                                        s.name = name;
                                        s.flowId = flow;
                                        put(s, place, null);
                                        // Unlike all else these begin anew when they are not
                                        // given (Prefect 3.8.8, api/deployments.py).
                                        s.labels = labels;
                                        if (!parametersGiven) {
                                          s.parameters = JsonNodeFactory.instance.objectNode();
                                        }
                                      });
                          return new Edit(spec, schedules, said.limit());
                        }))
        .thenCompose(
            made ->
                views
                    .of(made.deployment())
                    .thenApply(json -> made.isNew() ? Answer.created(json) : Answer.ok(json)));
  }

  /**
   * Job variables have to fit the work pool that is named; runs may add what is missing.
   *
   * @param meant the pool's template as it is to be taken
   */
  private CompletableFuture<Void> checkVariables(
      DeploymentBody said, Function<JsonNode, CompletableFuture<JsonNode>> meant) {
    var blank = DeploymentBody.blank();
    said.change().accept(blank);
    if (said.pool() == null || blank.jobVariables == null || blank.jobVariables.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return pools
        .get(said.pool())
        .thenCompose(state -> meant.apply(state.pool().baseJobTemplate()))
        .thenAccept(
            template ->
                JobVariables.check(
                    "Error creating deployment", template, false, List.of(blank.jobVariables)));
  }

  /**
   * The same in a change, but without what blocks say, and as a conflict (Prefect 3.8.8,
   * api/deployments.py update_deployment).
   */
  private CompletableFuture<Void> checkChangedVariables(DeploymentBody said) {
    return checkVariables(said, CompletableFuture::completedFuture)
        .exceptionallyCompose(
            failure ->
                Refused.isA(failure, Rejection.BadJobVariables.class)
                    ? CompletableFuture.failedFuture(new Plain(409, Refused.message(failure)))
                    : CompletableFuture.failedFuture(failure));
  }

  /** Where its runs are to wait. */
  private CompletableFuture<Place> place(
      DeploymentBody said, Place before, boolean nullPoolClears) {
    if (said.pool() != null) {
      return pools
          .get(said.pool())
          .thenCompose(
              state ->
                  said.queue() == null
                      ? CompletableFuture.completedFuture(
                          state.queue(state.pool().defaultQueueId()).orElseThrow())
                      : pools.queueOrNew(state, said.queue()))
          .thenApply(queue -> new Place(queue.id(), queue.name(), queue.poolId(), said.pool()));
    } else if (said.poolGiven() && nullPoolClears) {
      return CompletableFuture.completedFuture(null);
    } else if (said.queue() != null) {
      return pools
          .agentPool()
          .thenCompose(state -> pools.queueOrNew(state, said.queue()))
          .thenApply(
              queue ->
                  new Place(
                      queue.id(), queue.name(), queue.poolId(), WorkPools.DEFAULT_AGENT_POOL));
    }
    return CompletableFuture.completedFuture(before);
  }

  /** Without a pool the name of the queue stays (Prefect 3.8.8, models/deployments.py). */
  private static void put(DeploymentSpec.Builder spec, Place place, String queue) {
    if (place == null) {
      spec.queueName = queue != null ? queue : WorkQueue.nameLeft(spec.place, spec.queueName);
    } else {
      spec.queueName = null;
    }
    spec.place = place;
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body();
    var said = DeploymentBody.read(body, clock.instant());
    var given = body.node("parameters");
    body.end();
    return hydrations
        .of("Error hydrating deployment parameters", given.orElse(NullNode.instance))
        .thenCompose(meant -> update(call.id("id"), said, given.map(some -> meant)))
        .thenApply(done -> Answer.noContent());
  }

  /**
   * @param parameters as they are meant, if they are given: when a deployment is created they are
   *     kept as they are (Prefect 3.8.8, api/deployments.py)
   */
  private CompletableFuture<Deployment> update(
      UUID id, DeploymentBody said, Optional<JsonNode> parameters) {
    return deployments.change(
        id,
        before ->
            checkChangedVariables(said)
                .thenCompose(fit -> references.blocks(said.blocks()))
                .thenCompose(there -> place(said, before.spec().place(), true))
                .thenApply(
                    place -> {
                      var spec =
                          before
                              .spec()
                              .with(said.change())
                              .with(s -> put(s, place, said.queue()))
                              .with(s -> parameters.ifPresent(some -> s.parameters = some));
                      if (spec.enforceParameterSchema()) {
                        ParameterSchema.check("Error updating deployment", spec);
                      }
                      var schedules =
                          said.schedules()
                              .map(drafts -> ScheduleUpdate.of(before, drafts, clock.instant()))
                              .orElse(before.schedules());
                      return new Edit(spec, schedules, said.limit());
                    }));
  }

  private CompletableFuture<Answer> pause(Call call, boolean paused) {
    var id = call.id("id");
    return deployments
        .change(
            id,
            before -> {
              DeploymentSpec spec = before.spec().with(s -> s.paused = paused);
              return CompletableFuture.completedFuture(
                  new Edit(spec, before.schedules(), new LimitWish.Keep()));
            })
        .thenApply(done -> Answer.ok(null));
  }

  private CompletableFuture<Answer> delete(Call call) {
    return removals.deployment(call.id("id")).thenApply(done -> Answer.noContent());
  }

  // ---- reading ----

  private CompletableFuture<Answer> read(Call call) {
    return deployments.get(call.id("id")).thenCompose(views::of).thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> readByName(Call call) {
    return deployments
        .get(call.parameter("flow_name"), call.parameter("name"))
        .thenCompose(views::of)
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.DEPLOYMENT);
    var sort = Sorts.of(body, Kind.DEPLOYMENT, "NAME_ASC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), DeploymentTable.LISTED)
        .thenCompose(views::of)
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.DEPLOYMENT);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}
