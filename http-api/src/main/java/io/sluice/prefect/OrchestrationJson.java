package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.run.Ruling;
import io.sluice.run.RunReply;
import io.sluice.run.State;
import io.sluice.task.TaskReply;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

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

  /** A proposal that was turned down before it reached the run. */
  static Answer abort(State current, String reason) {
    return answer(current, Ruling.Status.ABORT, reason, 0, false);
  }

  static Answer reject(State current, String reason) {
    return answer(current, Ruling.Status.REJECT, reason, 0, false);
  }

  private static Answer answer(
      State state, Ruling.Status status, String reason, int delaySeconds, boolean entered) {
    var details = new LinkedHashMap<String, Object>();
    details.put("type", status.name().toLowerCase(Locale.ROOT) + "_details");
    if (status == Ruling.Status.WAIT) {
      details.put("delay_seconds", delaySeconds);
    }
    if (status != Ruling.Status.ACCEPT) {
      details.put("reason", reason);
    }
    var result = new OrchestrationJson(StateJson.of(state), status, details);
    return entered ? Answer.created(result) : Answer.ok(result);
  }
}
