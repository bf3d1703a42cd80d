package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRuns;
import io.sluice.task.TaskCommand;
import io.sluice.task.TaskRuns;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** States: proposed, resumed, listed (Prefect 3.8.8, server/api/flow_runs.py, run_states.py). */
final class StateRoutes {
  private final FlowRuns runs;
  private final TaskRuns tasks;
  private final Proposals proposals;
  private final Resumes resumes;

  StateRoutes(Owners owners, Proposals proposals) {
    this.runs = owners.flowRuns();
    this.tasks = owners.taskRuns();
    this.proposals = proposals;
    this.resumes = new Resumes(owners.inputs(), owners.hydrations(), proposals);
  }

  void addTo(Router router) {
    router
        .post("/flow_runs/{id}/set_state", this::proposeFlow)
        .post("/flow_runs/{id}/resume", this::resume)
        .get("/flow_run_states/", this::flowHistory)
        .get("/flow_run_states/{id}", this::flowState)
        .post("/task_runs/{id}/set_state", this::proposeTask)
        .get("/task_run_states/", this::taskHistory)
        .get("/task_run_states/{id}", this::taskState);
  }

  private CompletableFuture<Answer> proposeFlow(Call call) {
    var body = call.arguments();
    var state = StateJson.required(body, "state");
    boolean force = body.bool("force").orElse(false);
    body.end();
    var run = call.id("id");
    return proposals
        .propose(call, run, state, force)
        .thenApply(OrchestrationJson::of)
        .exceptionallyCompose(
            Refused.orElse(Rejection.NotFound.class, () -> noSuch("Flow run", run)));
  }

  /** Prefect 3.8.8 says it in these words here, and in others where a run is read. */
  static CompletableFuture<Answer> noSuch(String what, UUID run) {
    return noSuch("%s with id %s not found".formatted(what, run));
  }

  /** As Prefect 3.8.8 answers where it looks only after the route for what is meant. */
  static CompletableFuture<Answer> noSuch(String message) {
    return CompletableFuture.completedFuture(Answer.exception(404, message));
  }

  private CompletableFuture<Answer> resume(Call call) {
    var body = call.arguments();
    var input = body.map("run_input");
    body.end();
    return runs.get(call.id("id")).thenCompose(run -> resumes.resume(call, run, input));
  }

  private CompletableFuture<Answer> flowHistory(Call call) {
    return runs.history(owner(call, "flow_run_id"))
        .thenApply(states -> Answer.ok(states.stream().map(StateJson::of).toList()));
  }

  private static UUID owner(Call call, String name) {
    return call.query(name)
        .flatMap(Call::uuid)
        .orElseThrow(() -> new Plain(422, "The query parameter " + name + " must be a UUID."));
  }

  private CompletableFuture<Answer> flowState(Call call) {
    return runs.state(call.id("id"))
        .thenApply(
            state ->
                Answer.ok(
                    StateJson.of(
                        state.orElseThrow(() -> new Plain(404, "Flow run state not found")))));
  }

  private CompletableFuture<Answer> proposeTask(Call call) {
    var body = call.arguments();
    var state = StateJson.required(body, "state");
    boolean force = body.bool("force").orElse(false);
    body.end();
    var run = call.id("id");
    var propose = new TaskCommand.Propose(UUID.randomUUID(), state, force, call.mayHold());
    var unwatch = call.connection().whenGone(() -> tasks.withdraw(run, propose.id()));
    return tasks
        .propose(run, propose)
        .whenComplete((ruled, failure) -> unwatch.run())
        .thenApply(OrchestrationJson::of)
        .exceptionallyCompose(
            Refused.orElse(Rejection.NotFound.class, () -> noSuch("Task run", run)));
  }

  private CompletableFuture<Answer> taskState(Call call) {
    return tasks
        .state(call.id("id"))
        .thenApply(
            state ->
                Answer.ok(
                    StateJson.of(
                        // In the words of Prefect, which calls it so.
                        state.orElseThrow(() -> new Plain(404, "Flow run state not found")))));
  }

  private CompletableFuture<Answer> taskHistory(Call call) {
    return tasks
        .history(owner(call, "task_run_id"))
        .thenApply(states -> Answer.ok(List.copyOf(states.stream().map(StateJson::of).toList())));
  }
}
