package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.event.Event;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.run.Progress;
import io.sluice.run.RunNames;
import io.sluice.task.TaskCommand;
import io.sluice.task.TaskRunSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads what a client's task engine says of its task runs (Prefect 3.8.8,
 * server/services/task_run_recorder.py).
 */
final class TaskEvents {
  private static final String TASK_RUN = "prefect.task-run.";
  private static final String FLOW_RUN = "prefect.flow-run.";

  /** What was seen of which task run. */
  record Observation(UUID taskRunId, TaskCommand.Observe observe) {}

  private TaskEvents() {}

  /** Empty if the event is about something else. */
  static Optional<Observation> observation(Event event) {
    boolean orchestrated = "client".equals(event.resource().get("prefect.orchestration"));
    if (!orchestrated || !event.event().startsWith(TASK_RUN)) {
      return Optional.empty();
    }
    return id(event.resourceId(), TASK_RUN).map(id -> new Observation(id, observe(id, event)));
  }

  /** The flow run whose process says that it is alive (Prefect 3.8.8, flow_engine.py). */
  static Optional<UUID> heartbeat(Event event) {
    return event.event().equals(FLOW_RUN + "heartbeat")
        ? id(event.resourceId(), FLOW_RUN)
        : Optional.empty();
  }

  private static Optional<UUID> id(String resourceId, String prefix) {
    return resourceId.startsWith(prefix)
        ? Call.uuid(resourceId.substring(prefix.length()))
        : Optional.empty();
  }

  private static TaskCommand.Observe observe(UUID id, Event event) {
    var run = Body.of(object(event.payload(), "task_run"));
    var flowRun = flowRun(event);
    var spec = spec(run, flowRun, event.resource().get(Event.NAME));
    var proposed = StateJson.read(Body.of(object(event.payload(), "validated_state")));
    var state =
        proposed
            .with(
                d -> {
                  d.taskRunId = id;
                  d.flowRunId = flowRun;
                })
            .entered(event.id(), event.occurred());
    var scheduled = state.details().scheduledTime();
    var progress =
        new Progress(
            run.integer("run_count").orElse(0),
            run.time("expected_start_time").orElse(event.occurred()),
            scheduled,
            null,
            run.time("start_time").orElse(null),
            run.time("end_time").orElse(null),
            Duration.ofNanos((long) (run.decimal("total_run_time").orElse(0.0) * 1e9)));
    return new TaskCommand.Observe(
        spec, progress, run.integer("flow_run_run_count").orElse(0), state);
  }

  private static JsonNode object(JsonNode payload, String name) {
    var node = payload.get(name);
    return node != null && node.isObject() ? node : JsonNodeFactory.instance.objectNode();
  }

  private static UUID flowRun(Event event) {
    return event.related().stream()
        .filter(other -> "flow-run".equals(other.get(Event.ROLE)))
        .map(other -> id(other.get(Event.ID), FLOW_RUN))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  private static TaskRunSpec spec(Body run, UUID flowRun, String resourceName) {
    var name = run.text("name").orElse(resourceName);
    return new TaskRunSpec(
        RunNames.orNew(name),
        flowRun,
        run.text("task_key").orElse(""),
        run.text("dynamic_key").orElse(""),
        run.text("cache_key").orElse(null),
        run.time("cache_expiration").orElse(null),
        run.text("task_version").orElse(null),
        TaskRunJson.policy(run.object("empirical_policy")),
        run.texts("tags").orElse(List.of()),
        run.map("labels"),
        run.map("task_inputs"));
  }
}
