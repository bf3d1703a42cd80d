package io.sluice.prefect;

import com.typesafe.config.Config;
import io.sluice.deployment.DeploymentBatches;
import io.sluice.deployment.DeploymentBatches.Outcome;
import io.sluice.http.Answer;
import io.sluice.http.Bodies;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.run.FlowRuns;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Many runs of a deployment at once: Sluice's own, Prefect creates at most 100, one by one. */
final class RunBatchRoutes {
  /** More problems than these are not listed. */
  private static final int PROBLEMS_SHOWN = 100;

  private final DeploymentBatches batches;
  private final int runsMax;

  /**
   * @param config {@code sluice.http}
   */
  RunBatchRoutes(Owners owners, Config config) {
    this.batches = owners.deploymentBatches();
    this.runsMax = config.getInt("create-runs-max");
  }

  void addTo(Router router) {
    router.post("/sluice/deployments/{id}/create_flow_runs", this::create);
  }

  /**
   * @param created how many of the runs are new; the others were known by their idempotency keys
   */
  private record MadeJson(int created, List<UUID> flowRunIds) {
    static MadeJson of(List<FlowRuns.Made> runs) {
      return new MadeJson(
          (int) runs.stream().filter(FlowRuns.Made::isNew).count(),
          runs.stream().map(FlowRuns.Made::id).toList());
    }
  }

  private record ProblemJson(int index, String error) {}

  private CompletableFuture<Answer> create(Call call) {
    var bodies = call.bodies();
    if (bodies.size() > runsMax) {
      throw new Plain(
          400,
          ("%d flow runs are asked for, at most %d can be created at once; none was. Ask for fewer,"
                  + " or raise sluice.http.create-runs-max.")
              .formatted(bodies.size(), runsMax));
    }
    var requests = bodies.stream().map(DeploymentRunRoutes::request).toList();
    Bodies.end(bodies);
    return batches.create(call.id("id"), requests).thenApply(RunBatchRoutes::answer);
  }

  private static Answer answer(Outcome outcome) {
    var problems = outcome.problems();
    if (problems.isEmpty()) {
      return Answer.created(MadeJson.of(outcome.runs()));
    }
    return new Answer(
        422,
        Map.of(
            "detail",
            "%d flow runs cannot be created, so none was. The first is that at index %d: %s"
                .formatted(problems.size(), problems.firstKey(), problems.get(problems.firstKey())),
            "errors",
            problems.entrySet().stream()
                .limit(PROBLEMS_SHOWN)
                .map(problem -> new ProblemJson(problem.getKey(), problem.getValue()))
                .toList()),
        Map.of());
  }
}
