package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cluster.Together;
import io.sluice.pool.PoolState;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRuns;
import io.sluice.run.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Many runs of a deployment, created by one request: all or none. */
public final class DeploymentBatches {
  private final Deployments deployments;
  private final DeploymentRuns single;
  private final FlowRuns runs;

  public DeploymentBatches(Deployments deployments, DeploymentRuns single, FlowRuns runs) {
    this.deployments = deployments;
    this.single = single;
    this.runs = runs;
  }

  /**
   * What became of a request.
   *
   * @param runs for each that was asked for, in that order; empty if any has a problem
   * @param problems for people, by the place of what was asked for, from 0; if there are any
   *     nothing was created
   */
  public record Outcome(List<FlowRuns.Made> runs, SortedMap<Integer, String> problems) {}

  /**
   * Creates a run for each request, in one transaction. One whose idempotency key a run has stands
   * for that run. Refused if there is no such deployment.
   */
  public CompletableFuture<Outcome> create(UUID id, List<RunRequest> requests) {
    return deployments
        .get(id)
        .thenCompose(
            deployment ->
                single
                    .pool(deployment)
                    .thenCompose(
                        pool ->
                            single
                                .template(pool)
                                .thenCompose(
                                    template -> create(deployment, pool, template, requests))));
  }

  private CompletableFuture<Outcome> create(
      Deployment deployment,
      Optional<PoolState> pool,
      JsonNode template,
      List<RunRequest> requests) {
    var problems = problems(deployment, pool, template, requests);
    return problems.isEmpty()
        ? create(deployment, pool, requests)
        : CompletableFuture.completedFuture(new Outcome(List.of(), problems));
  }

  private CompletableFuture<Outcome> create(
      Deployment deployment, Optional<PoolState> pool, List<RunRequest> requests) {
    return places(deployment, pool, requests)
        .thenCompose(
            places -> {
              var plans = new ArrayList<FlowRuns.Plan>(requests.size());
              for (var request : requests) {
                plans.add(
                    DeploymentRuns.plan(
                        deployment,
                        request,
                        parameters(deployment, request),
                        places.get(request.queueName())));
              }
              return runs.createAll(deployment.spec().flowId(), plans);
            })
        .thenApply(made -> new Outcome(made, new TreeMap<>()));
  }

  private static JsonNode parameters(Deployment deployment, RunRequest request) {
    return DeploymentRuns.merged(deployment.spec().parameters(), request.parameters());
  }

  /** By name of the queue, null for the deployment's own; all of them are there. */
  private CompletableFuture<Map<String, Place>> places(
      Deployment deployment, Optional<PoolState> pool, List<RunRequest> requests) {
    return Together.each(
        requests.stream().map(RunRequest::queueName).toList(),
        name -> single.place(deployment, pool, name));
  }

  // ---- problems ----

  private static SortedMap<Integer, String> problems(
      Deployment deployment,
      Optional<PoolState> pool,
      JsonNode template,
      List<RunRequest> requests) {
    var problems = new TreeMap<Integer, String>();
    var variables = new HashMap<JsonNode, Optional<String>>();
    for (int i = 0; i < requests.size(); i++) {
      var request = requests.get(i);
      int place = i;
      variables
          .computeIfAbsent(
              request.jobVariables(), given -> problemOfVariables(deployment, template, given))
          .or(() -> problem(deployment, pool, request))
          .ifPresent(problem -> problems.put(place, problem));
    }
    return problems;
  }

  private static Optional<String> problemOfVariables(
      Deployment deployment, JsonNode template, JsonNode variables) {
    return problem(
        () ->
            DeploymentRuns.checkVariables(
                DeploymentRuns.CREATING, deployment, template, variables));
  }

  private static Optional<String> problem(
      Deployment deployment, Optional<PoolState> pool, RunRequest request) {
    return problem(
        () -> {
          DeploymentRuns.check(
              deployment, parameters(deployment, request), request.enforceParameterSchema());
          if (request.queueName() != null && pool.isEmpty()) {
            throw new Refused(
                new Rejection.NoWorkPool(deployment.id().toString(), request.queueName()));
          }
        });
  }

  private static Optional<String> problem(Runnable check) {
    try {
      check.run();
      return Optional.empty();
    } catch (Refused refused) {
      return Optional.of(refused.why().message());
    }
  }
}
