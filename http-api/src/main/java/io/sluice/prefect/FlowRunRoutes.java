package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentRuns;
import io.sluice.deployment.Deployments;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.flow.Flow;
import io.sluice.flow.Flows;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.WorkPools;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.FlowRunTable;
import io.sluice.run.FlowRuns;
import io.sluice.run.Place;
import io.sluice.run.ProposedState;
import io.sluice.run.RunCommand;
import io.sluice.run.RunCommand.Change.Field;
import io.sluice.run.RunNames;
import io.sluice.run.RunSpec;
import io.sluice.run.StateType;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Flow runs (Prefect 3.8.8, server/api/flow_runs.py). */
final class FlowRunRoutes {
  private final FlowRuns runs;
  private final DeploymentRuns deploymentRuns;
  private final Deployments deployments;
  private final References references;
  private final Flows flows;
  private final WorkPools pools;
  private final Listings listings;
  private final FlowRunViews views;

  FlowRunRoutes(Owners owners, InstantSource clock) {
    this.runs = owners.flowRuns();
    this.deploymentRuns = owners.deploymentRuns();
    this.deployments = owners.deployments();
    this.references = new References(owners);
    this.flows = owners.flows();
    this.pools = owners.pools();
    this.listings = owners.listings();
    this.views = new FlowRunViews(owners, clock);
  }

  void addTo(Router router) {
    router
        .post("/flow_runs/", this::create)
        .get("/flow_runs/{id}", this::read)
        .patch("/flow_runs/{id}", this::update)
        .delete("/flow_runs/{id}", this::delete)
        .patch("/flow_runs/{id}/labels", this::addLabels)
        .post("/flow_runs/filter", this::list)
        .post("/flow_runs/count", this::count);
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body().notNull("parameters", "context", "empirical_policy", "tags");
    var spec = new RunSpec.Builder();
    spec.name = RunNames.orNew(body.text("name", Names.LONG_MAX).orElse(null));
    spec.flowId = body.requiredId("flow_id");
    spec.deploymentId = body.id("deployment_id").orElse(null);
    spec.flowVersion = body.text("flow_version", Names.LONG_MAX).orElse(null);
    spec.parameters = Names.parameters(body);
    spec.context = body.map("context");
    spec.tags = Names.tags(body).orElse(List.of());
    spec.labels = Names.labels(body);
    spec.parentTaskRunId = body.id("parent_task_run_id").orElse(null);
    spec.idempotencyKey = body.text("idempotency_key", Names.LONG_MAX).orElse(null);
    spec.jobVariables = body.map("job_variables");
    var infrastructure = body.id("infrastructure_document_id");
    var policy = policy(body);
    var state = StateJson.optional(body, "state").orElse(ProposedState.of(StateType.PENDING));
    var pool = body.text("work_pool_name", Names.LENGTH_MAX).orElse(null);
    var queue = body.text("work_queue_name", Names.LENGTH_MAX).orElse(null);
    body.end();
    return flows
        .find(spec.flowId)
        .thenApply(
            flow ->
                flow.orElseThrow(
                    () ->
                        new Refused(
                            new Rejection.Dangling(
                                Rejection.NotFound.What.FLOW, spec.flowId.toString()))))
        .thenCombine(pools.place(pool, queue), (flow, place) -> completed(spec, flow, place))
        .thenApply(
            done -> {
              // As in Prefect 3.8.8 without a pool, where nobody looks for a queue of that name.
              done.queueName = done.place == null ? queue : null;
              return done;
            })
        .thenCombine(references.task(spec.parentTaskRunId), (done, there) -> done)
        .thenCombine(references.block(infrastructure), (done, there) -> done)
        .thenCombine(deployment(spec.deploymentId), FlowRunRoutes::labelled)
        .thenCompose(done -> runs.create(done.build(), policy, state))
        .thenCompose(views::created);
  }

  static FlowRunPolicy policy(Body body) {
    return body.object("empirical_policy").map(FlowRunJson.Policy::read).orElse(FlowRunPolicy.NONE);
  }

  private static RunSpec.Builder completed(RunSpec.Builder spec, Flow flow, Optional<Place> place) {
    var labels = JsonNodeFactory.instance.objectNode();
    add(labels, flow.labels());
    labels.put("prefect.flow.id", flow.id().toString());
    add(labels, spec.labels);
    spec.labels = labels;
    spec.place = place.orElse(null);
    return spec;
  }

  /** The one that is named need not be there. */
  private CompletableFuture<Optional<Deployment>> deployment(UUID id) {
    return id == null ? CompletableFuture.completedFuture(Optional.empty()) : deployments.find(id);
  }

  private static RunSpec.Builder labelled(RunSpec.Builder spec, Optional<Deployment> deployment) {
    deployment.ifPresent(found -> spec.labels = DeploymentRuns.labels(found, spec.labels));
    return spec;
  }

  static void add(ObjectNode labels, JsonNode more) {
    if (more instanceof ObjectNode object) {
      labels.setAll(object);
    }
  }

  private CompletableFuture<Answer> read(Call call) {
    return runs.get(call.id("id")).thenCompose(views::of).thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body().notNull("parameters", "empirical_policy", "tags");
    Set<Field> given = EnumSet.noneOf(Field.class);
    var name =
        given(body, given, "name", Field.NAME)
            ? body.text("name", Names.LONG_MAX).orElse(null)
            : null;
    given(body, given, "flow_version", Field.FLOW_VERSION);
    given(body, given, "parameters", Field.PARAMETERS);
    given(body, given, "empirical_policy", Field.POLICY);
    given(body, given, "tags", Field.TAGS);
    given(body, given, "infrastructure_pid", Field.INFRASTRUCTURE_PID);
    given(body, given, "job_variables", Field.JOB_VARIABLES);
    var change =
        new RunCommand.Change(
            given,
            given.contains(Field.NAME) ? RunNames.orNew(name) : null,
            body.text("flow_version", Names.LONG_MAX).orElse(null),
            Names.parameters(body),
            policy(body),
            Names.tags(body).orElse(List.of()),
            body.text("infrastructure_pid").orElse(null),
            body.node("job_variables").map(some -> body.map("job_variables")).orElse(null));
    body.end();
    var id = call.id("id");
    return checked(id, change)
        .thenCompose(fits -> runs.change(id, change))
        .thenApply(done -> Answer.noContent());
  }

  /** Job variables have to fit the run's work pool. */
  private CompletableFuture<Void> checked(UUID id, RunCommand.Change change) {
    if (change.jobVariables() == null) {
      return CompletableFuture.completedFuture(null);
    }
    return runs.get(id)
        .thenCompose(
            run ->
                run.spec().deploymentId() == null
                    ? withoutDeployment(run)
                    : deploymentRuns.checkUpdate(run.spec().deploymentId(), change.jobVariables()));
  }

  /** A run that cannot have job variables for its state is refused for that. */
  private static CompletableFuture<Void> withoutDeployment(FlowRun run) {
    return run.stateType() == StateType.SCHEDULED
        ? CompletableFuture.failedFuture(
            new Plain(400, "A deployment for the flow run could not be found"))
        : CompletableFuture.completedFuture(null);
  }

  private static boolean given(Body body, Set<Field> given, String name, Field field) {
    if (body.has(name)) {
      given.add(field);
    }
    return body.has(name);
  }

  private CompletableFuture<Answer> delete(Call call) {
    return runs.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> addLabels(Call call) {
    var labels = call.json();
    if (!labels.isObject()) {
      throw new Plain(422, "Labels are an object of names and values.");
    }
    var id = call.id("id");
    return runs.addLabels(id, new RunCommand.AddLabels(labels))
        .thenApply(done -> Answer.noContent())
        .exceptionallyCompose(
            Refused.orElse(Rejection.NotFound.class, () -> StateRoutes.noSuch("Flow run", id)));
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.FLOW_RUN);
    var sort = Sorts.of(body, Kind.FLOW_RUN, "ID_DESC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), FlowRunTable.LISTED)
        .thenCompose(views::of)
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.FLOW_RUN);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}
