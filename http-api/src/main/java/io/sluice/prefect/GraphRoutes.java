package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.graph.RunGraph;
import io.sluice.graph.RunGraph.Drawn;
import io.sluice.graph.RunGraphs;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Json;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.State;
import io.sluice.task.TaskRun;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What a flow run consists of (Prefect 3.8.8, server/api/flow_runs.py, schemas/graph.py). */
final class GraphRoutes {
  private static final String PROGRESS = "progress";

  private final RunGraphs graphs;
  private final InstantSource clock;

  GraphRoutes(Owners owners, InstantSource clock) {
    this.graphs = owners.graphs();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .get("/flow_runs/{id}/graph", this::dependencies)
        .get("/flow_runs/{id}/graph-v2", this::graph);
  }

  // ---- version 2 ----

  private record EdgeJson(UUID id) {
    static List<EdgeJson> all(List<UUID> ids) {
      return ids.stream().map(EdgeJson::new).toList();
    }
  }

  private record ArtifactJson(
      UUID id, Instant created, String key, String type, boolean isLatest, JsonNode data) {

    static List<ArtifactJson> all(List<Drawn> drawn) {
      return drawn.stream().map(ArtifactJson::of).toList();
    }

    /** Data is shown of progress only. */
    static ArtifactJson of(Drawn drawn) {
      var artifact = drawn.artifact();
      return new ArtifactJson(
          artifact.id(),
          artifact.created(),
          artifact.key(),
          artifact.type(),
          drawn.isLatest(),
          PROGRESS.equals(artifact.type()) ? artifact.data() : null);
    }
  }

  private record NodeJson(
      String kind,
      UUID id,
      String label,
      String stateType,
      Instant startTime,
      Instant endTime,
      List<EdgeJson> parents,
      List<EdgeJson> children,
      List<EdgeJson> encapsulating,
      List<ArtifactJson> artifacts) {

    static NodeJson of(RunGraph.Node node) {
      return new NodeJson(
          node.isFlowRun() ? "flow-run" : "task-run",
          node.id(),
          node.label(),
          node.stateType().name(),
          node.start(),
          node.end(),
          EdgeJson.all(node.parents()),
          EdgeJson.all(node.children()),
          EdgeJson.all(node.encapsulating()),
          ArtifactJson.all(node.artifacts()));
    }
  }

  private record EnteredJson(UUID id, Instant timestamp, String type, String name) {
    static EnteredJson of(State state) {
      return new EnteredJson(state.id(), state.timestamp(), state.type().name(), state.name());
    }
  }

  private record GraphJson(
      Instant startTime,
      Instant endTime,
      List<UUID> rootNodeIds,
      List<List<Object>> nodes,
      List<ArtifactJson> artifacts,
      List<EnteredJson> states) {

    static GraphJson of(RunGraph graph) {
      return new GraphJson(
          graph.start(),
          graph.end(),
          graph.roots(),
          graph.nodes().stream()
              .map(node -> List.<Object>of(node.id(), NodeJson.of(node)))
              .toList(),
          ArtifactJson.all(graph.artifacts()),
          graph.states().stream().map(EnteredJson::of).toList());
    }
  }

  private CompletableFuture<Answer> graph(Call call) {
    var id = call.id("id");
    return graphs
        .read(id, since(call))
        .thenApply(graph -> Answer.ok(GraphJson.of(graph.orElseThrow(() -> tooLarge(id)))))
        .exceptionallyCompose(
            Refused.orElse(
                Rejection.NotFound.class,
                () -> StateRoutes.noSuch("Flow run %s not found".formatted(id))));
  }

  private static Instant since(Call call) {
    var given = call.query("since");
    if (given.isEmpty()) {
      return Instant.MIN;
    }
    // In a query string a plus may have become a blank.
    var body =
        Body.of(Json.read(Json.text(Map.of("since", given.get().replaceAll(" (\\d\\d:)", "+$1")))));
    var since = body.time("since").orElse(Instant.MIN);
    body.end();
    return since;
  }

  private Plain tooLarge(UUID id) {
    return new Plain(
        400, "The graph of flow run %s has more than %d nodes.".formatted(id, graphs.nodesMax()));
  }

  // ---- version 1 ----

  private record InputJson(String inputType, UUID id) {}

  /** DependencyResult. */
  private record DependencyJson(
      UUID id,
      String name,
      List<InputJson> upstreamDependencies,
      StateJson state,
      Instant expectedStartTime,
      Instant startTime,
      Instant endTime,
      Duration totalRunTime,
      Duration estimatedRunTime,
      boolean untrackableResult) {

    static DependencyJson of(TaskRun task, Instant now) {
      var progress = task.progress();
      return new DependencyJson(
          task.id(),
          task.spec().name(),
          RunGraph.upstream(task).stream().map(id -> new InputJson("task_run", id)).toList(),
          StateJson.of(task.state()),
          progress.expectedStart(),
          progress.start(),
          progress.end(),
          progress.totalRunTime(),
          FlowRunJson.runTime(progress, task.state(), now),
          task.state() != null && task.state().details().untrackableResult());
    }
  }

  private CompletableFuture<Answer> dependencies(Call call) {
    var id = call.id("id");
    return graphs
        .tasks(id)
        .thenApply(
            tasks -> {
              var now = clock.instant();
              return Answer.ok(
                  tasks.orElseThrow(() -> tooLarge(id)).stream()
                      .map(task -> DependencyJson.of(task, now))
                      .toList());
            })
        .exceptionallyCompose(
            Refused.orElse(Rejection.NotFound.class, () -> StateRoutes.noSuch("Flow run", id)));
  }
}
