package io.sluice.prefect;

import static io.sluice.rejection.Rejection.NotFound.What.FLOW_RUN;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.log.Logs;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRuns;
import io.sluice.run.ProposedState;
import io.sluice.run.StateType;
import io.sluice.task.TaskRun;
import io.sluice.task.TaskRunSpec;
import io.sluice.task.TaskRunTable;
import io.sluice.task.TaskRuns;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Task runs (Prefect 3.8.8, server/api/task_runs.py). Most are made by events, not here. */
final class TaskRunRoutes {
  private final TaskRuns runs;
  private final FlowRuns flowRuns;
  private final Logs logs;
  private final Listings listings;
  private final InstantSource clock;

  TaskRunRoutes(Owners owners, InstantSource clock) {
    this.runs = owners.taskRuns();
    this.flowRuns = owners.flowRuns();
    this.logs = owners.logs();
    this.listings = owners.listings();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/task_runs/", this::create)
        .get("/task_runs/{id}", this::read)
        .patch("/task_runs/{id}", this::update)
        .delete("/task_runs/{id}", this::delete)
        .post("/task_runs/filter", this::list)
        .post("/task_runs/count", this::count);
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body().notNull("empirical_policy", "tags", "task_inputs");
    var id = body.id("id").orElse(null);
    var spec = TaskRunJson.read(body);
    // Prefect 3.8.8, api/task_runs.py create_task_run.
    var state = StateJson.optional(body, "state").orElse(ProposedState.of(StateType.PENDING));
    body.end();
    return labelled(spec)
        .thenCompose(labelled -> runs.create(id, labelled, state))
        .thenApply(
            created -> {
              var json = json(created.run());
              return created.isNew() ? Answer.created(json) : Answer.ok(json);
            });
  }

  /** With the labels of its flow run, which its own win over. */
  private CompletableFuture<TaskRunSpec> labelled(TaskRunSpec spec) {
    if (spec.flowRunId() == null) {
      return CompletableFuture.completedFuture(spec);
    }
    return flowRuns
        .getAll(List.of(spec.flowRunId()))
        .thenApply(
            found -> {
              if (found.isEmpty()) {
                throw new Refused(new Rejection.Dangling(FLOW_RUN, spec.flowRunId().toString()));
              }
              var labels = JsonNodeFactory.instance.objectNode();
              found.forEach(run -> FlowRunRoutes.add(labels, run.spec().labels()));
              labels.put("prefect.flow-run.id", spec.flowRunId().toString());
              FlowRunRoutes.add(labels, spec.labels());
              return spec.labelled(labels);
            });
  }

  private TaskRunJson json(TaskRun run) {
    return TaskRunJson.of(run, clock.instant());
  }

  private CompletableFuture<Answer> read(Call call) {
    return runs.get(call.id("id")).thenApply(run -> Answer.ok(json(run)));
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body();
    var name = body.text("name", Names.LONG_MAX);
    body.end();
    var id = call.id("id");
    return (name.isPresent() ? runs.rename(id, name.get()) : runs.get(id).thenApply(run -> null))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    var id = call.id("id");
    return runs.delete(id)
        .thenCompose(done -> logs.deleteOfTask(id))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.TASK_RUN);
    var sort = Sorts.of(body, Kind.TASK_RUN, "ID_DESC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), TaskRunTable.LISTED)
        .thenApply(found -> Answer.ok(found.stream().map(this::json).toList()));
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.TASK_RUN);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}
