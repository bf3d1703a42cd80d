package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.deployment.Hydrations;
import io.sluice.deployment.ParameterSchema;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Invalid;
import io.sluice.http.Json;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunInputs;
import io.sluice.run.FlowRunInputs.Input;
import io.sluice.run.ProposedState;
import io.sluice.run.Ruling;
import io.sluice.run.State;
import io.sluice.run.StateNames;
import io.sluice.run.StateType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lets paused runs go on (Prefect 3.8.8, server/api/flow_runs.py resume_flow_run); a run that waits
 * for input only with input that fits its schema.
 */
final class Resumes {
  private final FlowRunInputs inputs;
  private final Hydrations hydrations;
  private final Proposals proposals;

  Resumes(FlowRunInputs inputs, Hydrations hydrations, Proposals proposals) {
    this.hydrations = hydrations;
    this.inputs = inputs;
    this.proposals = proposals;
  }

  CompletableFuture<Answer> resume(Call call, FlowRun run, JsonNode input) {
    var state = run.state();
    if (state.type() != StateType.PAUSED) {
      return CompletableFuture.completedFuture(
          OrchestrationJson.abort("Cannot resume a flow run that is not paused."));
    }
    var keys = state.details().runInputKeyset();
    if (keys == null || keys.isEmpty()) {
      return propose(call, run);
    }
    return hydrations
        .of("Error hydrating run input", input)
        .thenCompose(meant -> resumeWith(call, run, keys, meant))
        .exceptionallyCompose(failure -> unlessHydrated(state, failure));
  }

  private static CompletableFuture<Answer> unlessHydrated(State state, Throwable failure) {
    return Refused.isA(failure, Rejection.BadHydration.class)
        ? CompletableFuture.completedFuture(
            OrchestrationJson.rejectResume(state, Refused.message(failure)))
        : CompletableFuture.failedFuture(failure);
  }

  private CompletableFuture<Answer> resumeWith(
      Call call, FlowRun run, Map<String, String> keys, JsonNode input) {
    return inputs
        .find(run.id(), keys.getOrDefault("schema", ""))
        .thenCompose(
            schema -> {
              var problem = problem(schema, input);
              return problem.isEmpty()
                  ? proposeWith(call, run, keys, input)
                  : CompletableFuture.completedFuture(
                      OrchestrationJson.rejectResume(run.state(), problem.get()));
            });
  }

  private static Optional<String> problem(Optional<Input> schema, JsonNode input) {
    if (schema.isEmpty()) {
      return Optional.of("Run input schema not found.");
    }
    try {
      var problems = ParameterSchema.problems(Json.read(schema.get().value()), input, false);
      return problems.isEmpty()
          ? Optional.empty()
          : Optional.of("Reason: " + String.join(" ", problems));
    } catch (Invalid notJson) {
      return Optional.of("Run input schema is not valid JSON.");
    }
  }

  /** The run may look for its input as soon as it runs: it is there before. */
  private CompletableFuture<Answer> proposeWith(
      Call call, FlowRun run, Map<String, String> keys, JsonNode input) {
    var key = keys.getOrDefault("response", "");
    return inputs
        .add(run.id(), key, Json.text(input), null)
        .thenCompose(added -> propose(call, run))
        .thenCompose(
            answer ->
                ((OrchestrationJson) answer.body()).status() == Ruling.Status.ACCEPT
                    ? CompletableFuture.completedFuture(answer)
                    : inputs.delete(run.id(), key).thenApply(deleted -> answer));
  }

  private CompletableFuture<Answer> propose(Call call, FlowRun run) {
    var resumed =
        run.state().details().pauseReschedule()
            ? ProposedState.of(StateType.SCHEDULED).named(StateNames.RESUMING)
            : ProposedState.of(StateType.RUNNING);
    return proposals.propose(call, run.id(), resumed, false).thenApply(OrchestrationJson::of);
  }
}
