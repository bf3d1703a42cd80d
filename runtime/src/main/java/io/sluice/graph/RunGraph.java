package io.sluice.graph;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.artifact.Artifacts.Artifact;
import io.sluice.run.FlowRun;
import io.sluice.run.State;
import io.sluice.run.StateType;
import io.sluice.task.TaskRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The runs within a flow run and how they hang together (Prefect 3.8.8,
 * server/database/query_components.py flow_run_graph_v2). Pure.
 *
 * <p>A task run that started a flow run is shown as that flow run. Who has neither started nor been
 * expected to is left out.
 *
 * @param start when the flow run started, or was expected to
 * @param nodes by their start, then their end
 * @param states those the flow run entered, oldest first
 */
public record RunGraph(
    Instant start, Instant end, List<Node> nodes, List<Drawn> artifacts, List<State> states) {

  /**
   * One run.
   *
   * @param isFlowRun whether it is a flow run, else it is a task run
   * @param parents whose results it was given, by their start
   * @param children to whom its result was given, by their start
   * @param encapsulating the tasks that called it, by their start
   */
  public record Node(
      boolean isFlowRun,
      UUID id,
      String label,
      StateType stateType,
      Instant start,
      Instant end,
      List<UUID> parents,
      List<UUID> children,
      List<UUID> encapsulating,
      List<Drawn> artifacts) {}

  /** An artifact of a run; {@code isLatest} if no newer one has its key. */
  public record Drawn(Artifact artifact, boolean isLatest) {}

  /** Under this name a task run's inputs list the tasks that called it. */
  private static final String CALLERS = "__parents__";

  private static final Comparator<Node> ORDER =
      comparing(Node::start).thenComparing(Node::end, nullsLast(naturalOrder()));

  /** The runs that were given no result of another. */
  public List<UUID> roots() {
    return nodes.stream().filter(node -> node.parents().isEmpty()).map(Node::id).toList();
  }

  /**
   * The runs as nodes.
   *
   * @param started the flow runs that a task run started, by its id
   * @param flowNames by id of the flow
   * @param since nodes that ended before are left out; edges to them stay
   */
  static List<Node> nodes(
      List<TaskRun> tasks,
      Map<UUID, List<FlowRun>> started,
      Map<UUID, String> flowNames,
      Map<UUID, List<Drawn>> artifacts,
      Instant since) {
    var bare = new LinkedHashMap<UUID, Bare>();
    for (var task : tasks) {
      var runs = started.getOrDefault(task.id(), List.of());
      (runs.isEmpty()
              ? List.of(Bare.of(task))
              : runs.stream().map(run -> Bare.of(task, run, flowNames)).toList())
          .stream()
              .filter(node -> node.start() != null && node.stateType() != null)
              .forEach(node -> bare.put(node.id(), node));
    }
    return joined(bare, artifacts).stream()
        .filter(node -> node.end() == null || !node.end().isBefore(since))
        .sorted(ORDER)
        .toList();
  }

  private static List<Node> joined(Map<UUID, Bare> bare, Map<UUID, List<Drawn>> artifacts) {
    var parents = new HashMap<UUID, Set<UUID>>();
    var children = new HashMap<UUID, Set<UUID>>();
    var callers = new HashMap<UUID, Set<UUID>>();
    for (var node : bare.values()) {
      node.inputs(CALLERS, true).stream()
          .filter(bare::containsKey)
          .forEach(caller -> add(callers, node.id(), caller));
      node.inputs(CALLERS, false).stream()
          .filter(bare::containsKey)
          .forEach(
              parent -> {
                add(parents, node.id(), parent);
                add(children, parent, node.id());
              });
    }
    return bare.values().stream()
        .map(
            node ->
                new Node(
                    node.isFlowRun(),
                    node.id(),
                    node.label(),
                    node.stateType(),
                    node.start(),
                    node.end(),
                    byStart(parents, node.id(), bare),
                    byStart(children, node.id(), bare),
                    byStart(callers, node.id(), bare),
                    artifacts.getOrDefault(node.id(), List.of())))
        .toList();
  }

  private static void add(Map<UUID, Set<UUID>> edges, UUID from, UUID to) {
    edges.computeIfAbsent(from, id -> new LinkedHashSet<>()).add(to);
  }

  private static List<UUID> byStart(Map<UUID, Set<UUID>> edges, UUID from, Map<UUID, Bare> bare) {
    return edges.getOrDefault(from, Set.of()).stream()
        .sorted(comparing(id -> bare.get(id).start()))
        .toList();
  }

  /** The ids of the runs whose results a task run was given, each once. */
  public static List<UUID> upstream(TaskRun task) {
    var ids = new LinkedHashSet<UUID>();
    var inputs = task.spec().taskInputs();
    if (inputs != null) {
      inputs.forEach(list -> ids.addAll(ids(list)));
    }
    return List.copyOf(ids);
  }

  private static List<UUID> ids(JsonNode list) {
    var ids = new ArrayList<UUID>();
    for (var input : list) {
      var id = input.path("id").asText();
      if (!id.isEmpty()) {
        ids.add(UUID.fromString(id));
      }
    }
    return ids;
  }

  /** A node without what joins it to others. */
  private record Bare(
      TaskRun task,
      boolean isFlowRun,
      UUID id,
      String label,
      StateType stateType,
      Instant start,
      Instant end) {

    static Bare of(TaskRun task) {
      return new Bare(
          task, false, task.id(), task.spec().name(), task.stateType(), start(task), end(task));
    }

    static Bare of(TaskRun task, FlowRun run, Map<UUID, String> flowNames) {
      var progress = run.progress();
      return new Bare(
          task,
          true,
          run.id(),
          flowNames.getOrDefault(run.spec().flowId(), "") + " / " + run.spec().name(),
          first(run.stateType(), task.stateType()),
          first(progress.start(), first(progress.expectedStart(), start(task))),
          first(progress.end(), end(task)));
    }

    private static Instant start(TaskRun task) {
      return first(task.progress().start(), task.progress().expectedStart());
    }

    /** A task that was completed without having run, as from a cache, ended when expected. */
    private static Instant end(TaskRun task) {
      return task.progress().end() == null && task.stateType() == StateType.COMPLETED
          ? task.progress().expectedStart()
          : task.progress().end();
    }

    private static <T> T first(T one, T other) {
      return one == null ? other : one;
    }

    /**
     * @param only whether the inputs of that name are wanted, or all others
     */
    Set<UUID> inputs(String name, boolean only) {
      var wanted = new LinkedHashSet<UUID>();
      var inputs = task.spec().taskInputs();
      if (inputs != null) {
        inputs.properties().stream()
            .filter(input -> input.getKey().equals(name) == only)
            .forEach(input -> wanted.addAll(ids(input.getValue())));
      }
      return wanted;
    }
  }
}
