package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cluster.Together;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.CreatedBy;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.FlowRuns;
import io.sluice.run.Place;
import io.sluice.run.ProposedState;
import io.sluice.run.RunCommand.Obsolete;
import io.sluice.run.RunNames;
import io.sluice.run.RunSpec;
import io.sluice.run.StateNames;
import io.sluice.run.StateType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Runs of deployments: what is asked for, completed by what the deployment says. */
public final class DeploymentRuns implements ScheduledRuns {
  /** Of runs that a schedule made (Prefect 3.8.8, models/deployments.py). */
  private static final String AUTO_SCHEDULED = "auto-scheduled";

  static final String CREATING = "Error creating flow run";

  private final Deployments deployments;
  private final WorkPools pools;
  private final FlowRuns runs;
  private final Hydrations hydrations;
  private final BlockDefaults defaults;

  public DeploymentRuns(
      Deployments deployments,
      WorkPools pools,
      FlowRuns runs,
      Hydrations hydrations,
      BlockDefaults defaults) {
    this.hydrations = hydrations;
    this.defaults = defaults;
    this.deployments = deployments;
    this.pools = pools;
    this.runs = runs;
  }

  /**
   * Creates a run of the deployment {@code id} (Prefect 3.8.8, POST
   * /deployments/{id}/create_flow_run).
   *
   * @return refused if there is no such deployment, if the parameters cannot be told ({@link
   *     Hydration}) or do not fit its schema, or if a queue is named but the deployment has no pool
   */
  public CompletableFuture<FlowRuns.Created> create(UUID id, RunRequest request) {
    return deployments.get(id).thenCompose(deployment -> create(deployment, request));
  }

  public CompletableFuture<FlowRuns.Created> create(Deployment deployment, RunRequest request) {
    var parameters = merged(deployment.spec().parameters(), request.parameters());
    // As they are where a schedule says them (Prefect 3.8.8, models/deployments.py).
    return request.autoScheduled()
        ? create(deployment, request, parameters)
        : hydrations
            .of("Error hydrating flow run parameters", parameters)
            .thenCompose(meant -> create(deployment, request, meant));
  }

  private CompletableFuture<FlowRuns.Created> create(
      Deployment deployment, RunRequest request, JsonNode parameters) {
    check(deployment, parameters, request.enforceParameterSchema());
    return pool(deployment)
        .thenCompose(
            pool ->
                // The scheduler of Prefect 3.8.8 does not look at them; the worker will.
                (request.autoScheduled()
                        ? CompletableFuture.completedFuture(null)
                        : checkVariables(CREATING, deployment, pool, request.jobVariables()))
                    .thenCompose(fit -> place(deployment, pool, request.queueName())))
        .thenCompose(place -> create(deployment, request, parameters, place));
  }

  /**
   * Refuses job variables that a run of {@code deployment} cannot have.
   *
   * @return refused as well if there is no such deployment
   */
  public CompletableFuture<Void> checkUpdate(UUID deployment, JsonNode jobVariables) {
    return deployments
        .get(deployment)
        .thenCompose(
            found ->
                pool(found)
                    .thenCompose(
                        pool ->
                            checkVariables("Error updating flow run", found, pool, jobVariables)));
  }

  private CompletableFuture<Void> checkVariables(
      String what, Deployment deployment, Optional<PoolState> pool, JsonNode given) {
    return template(pool).thenAccept(template -> checkVariables(what, deployment, template, given));
  }

  /**
   * @param template of the deployment's pool; null if it has none
   */
  static void checkVariables(
      String what, Deployment deployment, JsonNode template, JsonNode given) {
    JobVariables.check(
        what, template, true, Arrays.asList(deployment.spec().jobVariables(), given));
  }

  /** The pool's base job template, with what its defaults stand for; null if there is none. */
  CompletableFuture<JsonNode> template(Optional<PoolState> pool) {
    return defaults.of(pool.map(state -> state.pool().baseJobTemplate()).orElse(null));
  }

  /** Empty if its queue is gone, too: its runs are in no pool then, as in Prefect 3.8.8. */
  CompletableFuture<Optional<PoolState>> pool(Deployment deployment) {
    var own = deployment.spec().place();
    return own == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : pools
            .find(own.poolId())
            .thenApply(pool -> pool.filter(state -> state.queue(own.queueId()).isPresent()));
  }

  private CompletableFuture<FlowRuns.Created> create(
      Deployment deployment, RunRequest request, JsonNode parameters, Place place) {
    var plan = plan(deployment, request, parameters, place);
    return runs.create(plan.spec(), plan.policy(), plan.state());
  }

  static FlowRuns.Plan plan(
      Deployment deployment, RunRequest request, JsonNode parameters, Place place) {
    var spec = new RunSpec.Builder();
    spec.name = request.name();
    spec.flowId = deployment.spec().flowId();
    spec.deploymentId = deployment.id();
    spec.deploymentVersion = deployment.spec().versionLabel();
    spec.parameters = parameters;
    spec.context = request.context();
    spec.tags = tags(deployment, request);
    spec.labels = labels(deployment, request.labels());
    spec.parentTaskRunId = request.parentTaskRunId();
    spec.idempotencyKey = request.idempotencyKey();
    spec.autoScheduled = request.autoScheduled();
    spec.createdBy = request.createdBy();
    spec.jobVariables =
        request.jobVariables() == null
            ? JsonNodeFactory.instance.objectNode()
            : request.jobVariables();
    spec.place = place;
    if (place == null) {
      var said = deployment.spec();
      spec.queueName = WorkQueue.nameLeft(said.place(), said.queueName());
    }
    var state = request.state() == null ? ProposedState.of(StateType.SCHEDULED) : request.state();
    var policy = request.policy() == null ? FlowRunPolicy.NONE : request.policy();
    return new FlowRuns.Plan(spec.build(), policy, state);
  }

  // ---- scheduled runs ----

  @Override
  public CompletableFuture<Void> schedule(
      Deployment deployment, List<SchedulePlan.Planned> planned) {
    if (planned.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    var requests = planned.stream().map(run -> request(deployment, run)).toList();
    var keys = requests.stream().map(RunRequest::idempotencyKey).toList();
    return runs.known(deployment.spec().flowId(), keys)
        .thenCompose(
            known ->
                Together.done(
                    requests.stream()
                        .filter(request -> !known.contains(request.idempotencyKey()))
                        .map(request -> create(deployment, request))
                        .toList()));
  }

  private static RunRequest request(Deployment deployment, SchedulePlan.Planned run) {
    var schedule = run.schedule();
    var by = schedule.slug() == null ? ScheduleText.kind(schedule.schedule()) : schedule.slug();
    return new RunRequest(
        RunNames.orNew(null),
        schedule.parameters(),
        false,
        JsonNodeFactory.instance.objectNode(),
        null,
        null,
        "scheduled %s %s %s".formatted(deployment.id(), schedule.id(), run.written()),
        null,
        null,
        null,
        null,
        ProposedState.scheduled(StateNames.SCHEDULED, "Flow run scheduled", run.at()),
        true,
        new CreatedBy(schedule.id(), "SCHEDULE", by));
  }

  @Override
  public CompletableFuture<Void> unschedule(UUID deployment, Obsolete why) {
    return runs.unscheduleOf(deployment, why);
  }

  static ObjectNode merged(JsonNode base, JsonNode over) {
    var merged = JsonNodeFactory.instance.objectNode();
    if (base instanceof ObjectNode object) {
      merged.setAll(object);
    }
    if (over instanceof ObjectNode object) {
      merged.setAll(object);
    }
    return merged;
  }

  static void check(Deployment deployment, JsonNode parameters, Boolean wish) {
    boolean enforced = wish == null ? deployment.spec().enforceParameterSchema() : wish;
    var schema = deployment.spec().parameterSchema();
    if (!enforced) {
      return;
    }
    if (schema == null || !schema.isObject()) {
      throw new Refused(new Rejection.NoParameterSchema(deployment.spec().name()));
    }
    var problems = ParameterSchema.problems(schema, parameters, false);
    if (!problems.isEmpty()) {
      throw new Refused(new Rejection.BadParameters("Error creating flow run", problems));
    }
  }

  private static List<String> tags(Deployment deployment, RunRequest request) {
    var tags = new LinkedHashSet<String>();
    if (request.autoScheduled()) {
      tags.add(AUTO_SCHEDULED);
    }
    tags.addAll(deployment.spec().tags());
    if (request.tags() != null) {
      tags.addAll(request.tags());
    }
    return new ArrayList<>(tags);
  }

  /**
   * Those of a run: the deployment's, the system's and, strongest, those that are given (Prefect
   * 3.8.8, models/deployments.py with_system_labels_for_deployment_flow_run).
   */
  public static JsonNode labels(Deployment deployment, JsonNode given) {
    var labels = JsonNodeFactory.instance.objectNode();
    add(labels, deployment.spec().labels());
    labels.put("prefect.flow.id", deployment.spec().flowId().toString());
    labels.put("prefect.deployment.id", deployment.id().toString());
    add(labels, given);
    return labels;
  }

  private static void add(ObjectNode labels, JsonNode more) {
    if (more instanceof ObjectNode object) {
      labels.setAll(object);
    }
  }

  CompletableFuture<Place> place(
      Deployment deployment, Optional<PoolState> pool, String queueName) {
    var own = deployment.spec().place();
    if (queueName == null) {
      return CompletableFuture.completedFuture(
          pool.flatMap(state -> state.queue(own.queueId()))
              .map(queue -> place(queue, own.poolName()))
              .orElse(null));
    }
    var pooled =
        pool.orElseThrow(
            () -> new Refused(new Rejection.NoWorkPool(deployment.id().toString(), queueName)));
    return pools.queueOrNew(pooled, queueName).thenApply(queue -> place(queue, own.poolName()));
  }

  private static Place place(WorkQueue queue, String poolName) {
    return new Place(queue.id(), queue.name(), queue.poolId(), poolName);
  }
}
