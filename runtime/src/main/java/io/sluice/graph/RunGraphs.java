package io.sluice.graph;

import static java.util.stream.Collectors.groupingBy;

import com.typesafe.config.Config;
import io.sluice.artifact.Artifacts;
import io.sluice.artifact.Artifacts.Artifact;
import io.sluice.cluster.Together;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.flow.Flows;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunTable;
import io.sluice.run.FlowRuns;
import io.sluice.run.State;
import io.sluice.task.TaskRun;
import io.sluice.task.TaskRunTable;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Reads the graphs of flow runs. */
public final class RunGraphs {
  private static final String RESULT = "result";
  private static final UUID OF_NO_TASK = new UUID(0, 0);

  private final FlowRuns runs;
  private final Flows flows;
  private final Listings listings;
  private final int nodesMax;
  private final int artifactsMax;

  /**
   * @param config {@code sluice.graph}
   */
  public RunGraphs(FlowRuns runs, Flows flows, Listings listings, Config config) {
    this.runs = runs;
    this.flows = flows;
    this.listings = listings;
    this.nodesMax = config.getInt("nodes-max");
    this.artifactsMax = config.getInt("artifacts-max");
  }

  /** How many nodes a graph may have. */
  public int nodesMax() {
    return nodesMax;
  }

  /**
   * The task runs of a flow run, by when they were expected to start; empty if they are more than
   * {@link #nodesMax}. Refused if there is no such flow run.
   */
  public CompletableFuture<Optional<List<TaskRun>>> tasks(UUID flowRun) {
    return runs.get(flowRun)
        .thenCompose(
            run ->
                listings.list(
                    query(Kind.TASK_RUN, "flow_run_id", flowRun),
                    "EXPECTED_START_TIME_ASC",
                    nodesMax + 1,
                    0,
                    TaskRunTable.LISTED))
        .thenApply(tasks -> tasks.size() > nodesMax ? Optional.empty() : Optional.of(tasks));
  }

  /**
   * The graph of a flow run, without nodes that ended before {@code since}; empty if it has more
   * than {@link #nodesMax} nodes. Refused if there is no such flow run.
   */
  public CompletableFuture<Optional<RunGraph>> read(UUID flowRun, Instant since) {
    return tasks(flowRun)
        .thenCompose(
            tasks ->
                tasks.isEmpty()
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : read(flowRun, tasks.get(), since)
                        .thenApply(Optional::of)
                        .thenApply(graph -> graph.filter(g -> g.nodes().size() <= nodesMax)));
  }

  private CompletableFuture<RunGraph> read(UUID id, List<TaskRun> tasks, Instant since) {
    var run = runs.get(id);
    var states = runs.history(id);
    var artifacts = artifacts(id);
    var started = started(id);
    var names = started.thenCompose(this::flowNames);
    return CompletableFuture.allOf(run, states, artifacts, names)
        .thenApply(
            all ->
                graph(
                    run.join(),
                    RunGraph.nodes(
                        tasks,
                        started.join().stream()
                            .collect(groupingBy(r -> r.spec().parentTaskRunId())),
                        names.join(),
                        artifacts.join(),
                        since),
                    artifacts.join(),
                    states.join()));
  }

  private static RunGraph graph(
      FlowRun run,
      List<RunGraph.Node> nodes,
      Map<UUID, List<RunGraph.Drawn>> artifacts,
      List<State> states) {
    var progress = run.progress();
    return new RunGraph(
        progress.start() == null ? progress.expectedStart() : progress.start(),
        progress.end(),
        nodes,
        artifacts.getOrDefault(OF_NO_TASK, List.of()),
        states);
  }

  private static Query query(Kind kind, String field, UUID id) {
    return new Query(kind, Map.of(kind, new Filter.Test(field, Op.ANY, List.of(id))));
  }

  private CompletableFuture<List<FlowRun>> started(UUID flowRun) {
    return listings.list(
        query(Kind.FLOW_RUN, "parent_flow_run_id", flowRun),
        "ID_DESC",
        nodesMax + 1,
        0,
        FlowRunTable.LISTED);
  }

  private CompletableFuture<Map<UUID, String>> flowNames(List<FlowRun> of) {
    return Together.found(of.stream().map(run -> run.spec().flowId()).toList(), flows::nameOf);
  }

  // ---- artifacts ----

  /** By task run, oldest first; results are none that anybody looks at. */
  private CompletableFuture<Map<UUID, List<RunGraph.Drawn>>> artifacts(UUID flowRun) {
    var all =
        listings.list(
            query(Kind.ARTIFACT, "flow_run_id", flowRun),
            "CREATED_DESC",
            artifactsMax,
            0,
            Artifacts.LISTED);
    var latest =
        listings.list(
            query(Kind.LATEST_ARTIFACT, "flow_run_id", flowRun),
            "CREATED_DESC",
            artifactsMax,
            0,
            Artifacts.LATEST_LISTED);
    return all.thenCombine(
        latest.thenApply(list -> Set.copyOf(list.stream().map(Artifact::id).toList())),
        (found, latestIds) ->
            found.stream()
                .filter(artifact -> artifact.type() != null && !artifact.type().equals(RESULT))
                .sorted(Comparator.comparing(Artifact::created))
                .map(a -> new RunGraph.Drawn(a, a.key() == null || latestIds.contains(a.id())))
                .collect(groupingBy(drawn -> taskOf(drawn.artifact()))));
  }

  private static UUID taskOf(Artifact artifact) {
    return Objects.requireNonNullElse(artifact.taskRunId(), OF_NO_TASK);
  }
}
