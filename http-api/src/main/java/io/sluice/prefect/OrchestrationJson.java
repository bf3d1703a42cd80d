package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.run.Ruling;
import io.sluice.run.RunReply;
import io.sluice.run.State;
import io.sluice.task.TaskReply;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Wire shape of OrchestrationResult (Prefect 3.8.8, schemas/responses.py). */
record OrchestrationJson(StateJson state, Ruling.Status status, Map<String, Object> details) {

  /** 201 if a state was written, 200 otherwise. */
  static Answer of(RunReply.Ruled ruled) {
    return answer(
        ruled.run().state(), ruled.status(), ruled.reason(), ruled.delaySeconds(), ruled.entered());
  }

  static Answer of(TaskReply.Ruled ruled) {
    return answer(
        ruled.run().state(), ruled.status(), ruled.reason(), ruled.delaySeconds(), ruled.entered());
  }

  /** Without a state, as Prefect 3.8.8 answers where it did not get to the rules. */
  static Answer abort(String reason) {
    return answer(null, Ruling.Status.ABORT, reason, 0, false);
  }

  /**
   * A resume that was turned down before it reached the run. Its details are those of an abort
   * (Prefect 3.8.8, server/api/flow_runs.py resume_flow_run).
   */
  static Answer rejectResume(State current, String reason) {
    var details = details(Ruling.Status.ABORT, reason, 0);
    return Answer.ok(new OrchestrationJson(StateJson.of(current), Ruling.Status.REJECT, details));
  }

  /** What became of one of several runs: FlowRunOrchestrationResult. */
  record OfRun(
      UUID flowRunId, Ruling.Status status, StateJson state, Map<String, Object> details) {}

  static OfRun ofRun(UUID run, RunReply.Ruled ruled) {
    var state = StateJson.of(ruled.run().state());
    var details = details(ruled.status(), ruled.reason(), ruled.delaySeconds());
    return new OfRun(run, ruled.status(), state, details);
  }

  /** The run was deleted before it could be asked. */
  static OfRun gone(UUID run) {
    var details = details(Ruling.Status.ABORT, "Flow run not found", 0);
    return new OfRun(run, Ruling.Status.ABORT, null, details);
  }

  private static Answer answer(
      State state, Ruling.Status status, String reason, int delaySeconds, boolean entered) {
    var details = details(status, reason, delaySeconds);
    var result = new OrchestrationJson(StateJson.of(state), status, details);
    return entered ? Answer.created(result) : Answer.ok(result);
  }

  private static Map<String, Object> details(
      Ruling.Status status, String reason, int delaySeconds) {
    var details = new LinkedHashMap<String, Object>();
    details.put("type", status.name().toLowerCase(Locale.ROOT) + "_details");
    if (status == Ruling.Status.WAIT) {
      details.put("delay_seconds", delaySeconds);
    }
    if (status != Ruling.Status.ACCEPT) {
      details.put("reason", reason);
    }
    return details;
  }
}
