package io.sluice.prefect;

import io.sluice.cluster.Together;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentPolls;
import io.sluice.deployment.DeploymentRuns;
import io.sluice.deployment.Deployments;
import io.sluice.deployment.RunRequest;
import io.sluice.http.Answer;
import io.sluice.http.Bodies;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.run.RunNames;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs of deployments: created, and handed to runners (Prefect 3.8.8, api/deployments.py). */
final class DeploymentRunRoutes {
  private static final int BULK_MAX = 100;

  private final Deployments deployments;
  private final DeploymentRuns runs;
  private final DeploymentPolls polls;
  private final References references;
  private final FlowRunViews views;

  DeploymentRunRoutes(Owners owners, InstantSource clock) {
    this.deployments = owners.deployments();
    this.runs = owners.deploymentRuns();
    this.polls = owners.deploymentPolls();
    this.references = new References(owners);
    this.views = new FlowRunViews(owners, clock);
  }

  void addTo(Router router) {
    router
        .post("/deployments/{id}/create_flow_run", this::create)
        .post("/deployments/{id}/create_flow_run/bulk", this::createMany)
        .post("/deployments/get_scheduled_flow_runs", this::poll);
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var request = request(body);
    var infrastructure = body.id("infrastructure_document_id");
    body.end();
    return references
        .task(request.parentTaskRunId())
        .thenCompose(there -> references.block(infrastructure))
        .thenCompose(there -> runs.create(call.id("id"), request))
        .thenCompose(views::created);
  }

  static RunRequest request(Body body) {
    body.notNull("parameters", "context", "empirical_policy", "tags");
    body.id("infrastructure_document_id");
    return new RunRequest(
        RunNames.orNew(body.text("name", Names.LONG_MAX).orElse(null)),
        Names.parameters(body),
        body.bool("enforce_parameter_schema").orElse(null),
        body.map("context"),
        FlowRunRoutes.policy(body),
        Names.tags(body).orElse(List.of()),
        body.text("idempotency_key", Names.LONG_MAX).orElse(null),
        Names.labels(body),
        body.id("parent_task_run_id").orElse(null),
        Names.optional(body, "work_queue_name").orElse(null),
        body.node("job_variables").map(given -> body.map("job_variables")).orElse(null),
        StateJson.optional(body, "state").orElse(null),
        false,
        null);
  }

  /** All that can be created are; the answer says of each whether it was. */
  private CompletableFuture<Answer> createMany(Call call) {
    var bodies = call.bodies();
    if (bodies.size() > BULK_MAX) {
      throw new Plain(400, "Cannot create more than %d flow runs at once.".formatted(BULK_MAX));
    }
    var requests = bodies.stream().map(DeploymentRunRoutes::request).toList();
    Bodies.end(bodies);
    return deployments
        .get(call.id("id"))
        .thenCompose(
            deployment -> {
              return Together.all(
                      requests.stream().map(request -> createOne(deployment, request)).toList())
                  .thenApply(results -> Answer.ok(Map.of("results", results)));
            });
  }

  private CompletableFuture<Map<String, Object>> createOne(
      Deployment deployment, RunRequest request) {
    return CompletableFuture.completedFuture(deployment)
        .thenCompose(found -> runs.create(found, request))
        .thenApply(made -> result("CREATED", made.run().id(), null))
        .exceptionally(
            failure -> {
              if (failure.getCause() instanceof Refused refused) {
                return result("FAILED", null, refused.why().message());
              }
              throw new CompletionException(failure.getCause());
            });
  }

  private static Map<String, Object> result(String status, Object id, String error) {
    var result = new LinkedHashMap<String, Object>();
    result.put("flow_run_id", id);
    result.put("status", status);
    result.put("error", error);
    return result;
  }

  private CompletableFuture<Answer> poll(Call call) {
    var body = call.arguments();
    var ids = body.required("deployment_ids", body.ids("deployment_ids"), List.of());
    var before = body.time("scheduled_before").orElse(null);
    var page = Page.of(body);
    body.end();
    boolean runner = ClientVersion.of(call).isPresent();
    return polls
        .due(ids, before, page.limit(), runner)
        .thenCompose(views::of)
        .thenApply(Answer::ok);
  }
}
