package io.sluice.prefect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Json;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunTable;
import io.sluice.run.FlowRuns;
import io.sluice.run.StateType;
import io.sluice.run.Tallies;
import io.sluice.task.TaskRuns;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Figures for web pages and dashboards (Prefect 3.8.8, server/api/ui). */
final class UiRoutes {
  private static final int IDS_MAX = 200;
  private static final int RUNS_MAX = 1000;
  private static final int PARTS = 20;

  private final Tallies tallies;
  private final Listings listings;
  private final TaskRuns tasks;
  private final FlowRuns runs;
  private final InstantSource clock;

  UiRoutes(Owners owners, InstantSource clock) {
    this.tallies = owners.tallies();
    this.listings = owners.listings();
    this.tasks = owners.taskRuns();
    this.runs = owners.flowRuns();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/ui/flow_runs/history", this::history)
        .post("/ui/flow_runs/count-task-runs", call -> of(call, "flow_run_ids", tallies::tasks, 0))
        .post("/ui/flows/count-deployments", call -> of(call, "flow_ids", tallies::deployments, 0))
        .post("/ui/flows/next-runs", call -> of(call, "flow_ids", tallies::next, null))
        .post("/ui/task_runs/count", this::countByState)
        .post("/ui/task_runs/dashboard/counts", this::countByTime)
        .get("/ui/task_runs/{id}", this::readTask);
  }

  // ---- flow runs ----

  /** SimpleFlowRun. */
  private record SimpleRunJson(
      UUID id, StateType stateType, Instant timestamp, Duration duration, Duration lateness) {

    static SimpleRunJson of(FlowRun run, Instant now) {
      var progress = run.progress();
      return new SimpleRunJson(
          run.id(),
          run.stateType(),
          progress.start() == null ? progress.expectedStart() : progress.start(),
          FlowRunJson.runTime(progress, run.state(), now),
          FlowRunJson.startDelta(progress, run.state(), now));
    }
  }

  private CompletableFuture<Answer> history(Call call) {
    var body = call.arguments();
    var sort = Sorts.of(body, Kind.FLOW_RUN, "EXPECTED_START_TIME_DESC");
    int limit = body.integer("limit", 0, RUNS_MAX).orElse(RUNS_MAX);
    int offset = body.integer("offset", 0, Integer.MAX_VALUE).orElse(0);
    var query = FilterBody.joined(body, Kind.FLOW_RUN);
    body.end();
    return listings
        .list(query, sort, limit, offset, FlowRunTable.LISTED)
        .thenApply(
            found -> {
              var now = clock.instant();
              return Answer.ok(found.stream().map(run -> SimpleRunJson.of(run, now)).toList());
            });
  }

  /** What is known of each of the ids in the field {@code name}, in their order. */
  private static <T> CompletableFuture<Answer> of(
      Call call, String name, Function<List<UUID>, CompletableFuture<Map<UUID, T>>> known, T none) {
    var body = call.arguments();
    var ids = body.required(name, body.ids(name), List.of());
    if (ids.size() > IDS_MAX) {
      body.wrong(name, "too_long", "List should have at most %d items".formatted(IDS_MAX));
    }
    body.end();
    return known
        .apply(ids)
        .thenApply(
            found -> {
              var all = new LinkedHashMap<UUID, T>();
              ids.forEach(id -> all.put(id, found.getOrDefault(id, none)));
              return Answer.ok(all);
            });
  }

  // ---- task runs ----

  private CompletableFuture<Answer> countByState(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.TASK_RUN);
    body.end();
    return tallies
        .byState(query)
        .thenApply(
            found -> {
              var all = new LinkedHashMap<String, Integer>();
              for (var type : StateType.values()) {
                all.put(type.name(), found.getOrDefault(type.name(), 0));
              }
              return Answer.ok(all);
            });
  }

  /** TaskRunCount. */
  private record CountJson(int completed, int failed) {}

  private CompletableFuture<Answer> countByTime(Call call) {
    var whole = call.arguments().whole();
    var started = Body.of(whole).object("task_runs").flatMap(f -> f.object("start_time"));
    var after =
        started
            .flatMap(time -> time.time("after_"))
            .orElseThrow(() -> new Plain(422, "task_runs.start_time.after_ is required"))
            .truncatedTo(ChronoUnit.MINUTES);
    var before = started.flatMap(time -> time.time("before_")).orElseGet(clock::instant);
    var end = before.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    var part = Duration.between(after, end.minus(1, ChronoUnit.MICROS)).dividedBy(PARTS);
    var body = Body.of(ofThoseThatAreOver(whole.deepCopy()));
    var query = FilterBody.joined(body, Kind.TASK_RUN);
    body.end();
    if (part.isNegative() || part.isZero()) {
      return CompletableFuture.completedFuture(Answer.ok(parts(List.of())));
    }
    return tallies.started(query, after, part).thenApply(found -> Answer.ok(parts(found)));
  }

  /** Whatever states are asked for, only those are counted in which a run ends. */
  private static ObjectNode ofThoseThatAreOver(ObjectNode body) {
    var types = ((ObjectNode) body.get("task_runs")).putObject("state").putObject("type");
    var any = types.putArray("any_");
    Arrays.stream(StateType.values())
        .filter(StateType::isTerminal)
        .forEach(type -> any.add(type.name()));
    return body;
  }

  private static List<CountJson> parts(List<Tallies.Part> found) {
    return IntStream.range(0, PARTS)
        .mapToObj(
            i ->
                found.stream()
                    .filter(part -> part.part() == i)
                    .findFirst()
                    .map(part -> new CountJson(part.completed(), part.failed()))
                    .orElse(new CountJson(0, 0)))
        .toList();
  }

  private CompletableFuture<Answer> readTask(Call call) {
    return tasks
        .get(call.id("id"))
        .thenCompose(
            task ->
                nameOf(task.spec().flowRunId())
                    .thenApply(
                        name -> {
                          var json = Json.tree(TaskRunJson.of(task, clock.instant()));
                          json.put("flow_run_name", name.orElse(null));
                          return Answer.ok(json);
                        }));
  }

  private CompletableFuture<Optional<String>> nameOf(UUID flowRun) {
    return flowRun == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : runs.getAll(List.of(flowRun))
            .thenApply(found -> found.stream().map(run -> run.spec().name()).findFirst());
  }
}
