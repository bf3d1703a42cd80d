package io.sluice.prefect;

import static io.sluice.rejection.Rejection.NotFound.What.INPUT;

import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRunInputs;
import io.sluice.run.FlowRunInputs.Input;
import io.sluice.run.FlowRuns;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Inputs of flow runs (Prefect 3.8.8, server/api/flow_runs.py): {@code wait_for_input}. */
final class InputRoutes {
  private final FlowRuns runs;
  private final FlowRunInputs inputs;

  InputRoutes(Owners owners) {
    this.runs = owners.flowRuns();
    this.inputs = owners.inputs();
  }

  void addTo(Router router) {
    router
        .post("/flow_runs/{id}/input", this::create)
        .post("/flow_runs/{id}/input/filter", this::list)
        .get("/flow_runs/{id}/input/{key}", this::read)
        .delete("/flow_runs/{id}/input/{key}", this::delete);
  }

  /** FlowRunInput. */
  private record InputJson(
      UUID id,
      Instant created,
      Instant updated,
      UUID flowRunId,
      String key,
      String value,
      String sender) {
    static InputJson of(Input input) {
      return new InputJson(
          input.id(),
          input.created(),
          input.created(),
          input.flowRunId(),
          input.key(),
          input.value(),
          input.sender());
    }
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.arguments();
    var key = body.required("key", Names.key(body, "key", "key"), "");
    var value = body.requiredText("value");
    var sender = body.text("sender", Names.LENGTH_MAX).orElse(null);
    body.end();
    var id = call.id("id");
    return runs.get(id)
        .thenCompose(exists -> inputs.add(id, key, value, sender))
        .thenApply(done -> Answer.created(null));
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var prefix = body.requiredText("prefix");
    int limit = body.integer("limit", 0, Page.LIMIT_MAX).orElse(1);
    var except = body.texts("exclude_keys").orElse(List.of());
    body.end();
    return inputs
        .list(call.id("id"), prefix, except, limit)
        .thenApply(found -> Answer.ok(found.stream().map(InputJson::of).toList()));
  }

  private CompletableFuture<Answer> read(Call call) {
    var key = call.parameter("key");
    return inputs
        .find(call.id("id"), key)
        .thenApply(
            found ->
                Answer.text(
                    found
                        .orElseThrow(() -> new Refused(new Rejection.NotFound(INPUT, key)))
                        .value()));
  }

  private CompletableFuture<Answer> delete(Call call) {
    return inputs
        .delete(call.id("id"), call.parameter("key"))
        .thenApply(done -> Answer.noContent());
  }
}
