package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Body;
import io.sluice.run.ProposedState;
import io.sluice.run.State;
import io.sluice.run.StateDetails;
import io.sluice.run.StateType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Wire shape of a state (Prefect 3.8.8, schemas/states.py; in: schemas/actions.py StateCreate). */
record StateJson(
    UUID id,
    StateType type,
    String name,
    Instant timestamp,
    String message,
    JsonNode data,
    Details stateDetails) {
  /** In the order in which Prefect 3.8.8 names them (schemas/states.py). */
  static final List<String> TYPES =
      Stream.of(
              StateType.SCHEDULED,
              StateType.PENDING,
              StateType.RUNNING,
              StateType.COMPLETED,
              StateType.FAILED,
              StateType.CANCELLED,
              StateType.CRASHED,
              StateType.PAUSED,
              StateType.CANCELLING)
          .map(StateType::name)
          .toList();

  /** StateDetails. */
  record Details(
      UUID flowRunId,
      UUID taskRunId,
      UUID childFlowRunId,
      Instant scheduledTime,
      String cacheKey,
      Instant cacheExpiration,
      Boolean deferred,
      boolean untrackableResult,
      Instant pauseTimeout,
      boolean pauseReschedule,
      String pauseKey,
      Map<String, String> runInputKeyset,
      Boolean refreshCache,
      Boolean retriable,
      UUID transitionId,
      UUID taskParametersId,
      String traceparent,
      UUID deploymentConcurrencyLeaseId) {

    static Details of(StateDetails d) {
      return new Details(
          d.flowRunId(),
          d.taskRunId(),
          d.childFlowRunId(),
          d.scheduledTime(),
          d.cacheKey(),
          d.cacheExpiration(),
          d.deferred(),
          d.untrackableResult(),
          d.pauseTimeout(),
          d.pauseReschedule(),
          d.pauseKey(),
          d.runInputKeyset(),
          d.refreshCache(),
          d.retriable(),
          d.transitionId(),
          d.taskParametersId(),
          d.traceparent(),
          d.deploymentConcurrencyLeaseId());
    }
  }

  static StateJson of(State state) {
    return state == null
        ? null
        : new StateJson(
            state.id(),
            state.type(),
            state.name(),
            state.timestamp(),
            state.message(),
            state.data(),
            Details.of(state.details()));
  }

  // ---- reading ----

  /** The state in the field {@code name}, if it is there. */
  static Optional<ProposedState> optional(Body body, String name) {
    return body.object(name).map(StateJson::read);
  }

  static ProposedState required(Body body, String name) {
    return body.required(name, optional(body, name), ProposedState.of(StateType.PENDING));
  }

  static ProposedState read(Body state) {
    state.notNull("state_details");
    var type = state.required("type", type(state, "type"), StateType.PENDING);
    var proposed =
        new ProposedState(
            type,
            state.text("name", Names.LENGTH_MAX).orElse(null),
            state.text("message").orElse(null),
            state.node("data").orElse(null),
            state.object("state_details").map(StateJson::details).orElse(null));
    state.endNested();
    return proposed;
  }

  /** The type of a state. */
  static Optional<StateType> type(Body body, String field) {
    return body.choice(field, TYPES).map(StateType::valueOf);
  }

  static StateDetails details(Body body) {
    var d = new StateDetails.Builder();
    d.flowRunId = body.id("flow_run_id").orElse(null);
    d.taskRunId = body.id("task_run_id").orElse(null);
    d.childFlowRunId = body.id("child_flow_run_id").orElse(null);
    d.scheduledTime = body.time("scheduled_time").orElse(null);
    d.cacheKey = body.text("cache_key").orElse(null);
    d.cacheExpiration = body.time("cache_expiration").orElse(null);
    if (body.has("deferred")) {
      d.deferred = body.bool("deferred").orElse(null);
    }
    d.untrackableResult = body.bool("untrackable_result").orElse(false);
    d.pauseTimeout = body.time("pause_timeout").orElse(null);
    d.pauseReschedule = body.bool("pause_reschedule").orElse(false);
    d.pauseKey = body.text("pause_key").orElse(null);
    d.runInputKeyset = texts(body, "run_input_keyset");
    d.refreshCache = body.bool("refresh_cache").orElse(null);
    d.retriable = body.bool("retriable").orElse(null);
    d.transitionId = body.id("transition_id").orElse(null);
    d.taskParametersId = body.id("task_parameters_id").orElse(null);
    d.traceparent = body.text("traceparent").orElse(null);
    d.deploymentConcurrencyLeaseId = body.id("deployment_concurrency_lease_id").orElse(null);
    return d.build();
  }

  private static Map<String, String> texts(Body body, String name) {
    if (body.node(name).isEmpty()) {
      return null;
    }
    var texts = new LinkedHashMap<String, String>();
    body.map(name).properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
    return texts;
  }
}
