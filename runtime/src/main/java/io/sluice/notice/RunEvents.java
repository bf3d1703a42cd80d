package io.sluice.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.run.FlowRun;
import io.sluice.run.State;
import io.sluice.run.StateType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Says of each state that a flow run enters that it did (Prefect 3.8.8, server/models/events.py
 * flow_run_state_change_event). Clients cancel and suspend by these events.
 */
public final class RunEvents {
  /** Longer messages lose their middle in events. */
  private static final int MESSAGE_MAX = 100_000;

  /** An event follows that of the state before only if that is not older. */
  private static final Duration TIGHT = Duration.ofMinutes(5);

  private final Events events;
  private final Others others;

  public RunEvents(Events events, Others others) {
    this.events = events;
    this.others = others;
  }

  /**
   * Publishes that {@code run} entered its state, once what it has to do with is known.
   *
   * @param before null if it is the run's first state
   */
  public void entered(State before, FlowRun run) {
    others.of(run).thenAccept(related -> events.publish(event(before, run, related, events.now())));
  }

  static Event event(State before, FlowRun run, List<Map<String, String>> related, Instant now) {
    var state = run.state();
    return new Event(
        state.id(),
        state.timestamp(),
        now,
        "prefect.flow-run." + state.name(),
        resource(run, state),
        related,
        payload(before, state),
        follows(before, state));
  }

  private static UUID follows(State before, State after) {
    return before != null
            && Duration.between(before.timestamp(), after.timestamp()).compareTo(TIGHT) < 0
        ? before.id()
        : null;
  }

  private static Map<String, String> resource(FlowRun run, State state) {
    var resource = new LinkedHashMap<String, String>();
    resource.put(Event.ID, "prefect.flow-run." + run.id());
    resource.put(Event.NAME, run.spec().name());
    resource.put("prefect.run-count", String.valueOf(run.progress().runCount()));
    resource.put("prefect.state-message", cut(state.message()));
    resource.put("prefect.state-name", state.name());
    resource.put("prefect.state-timestamp", PythonTime.iso(state.timestamp()));
    resource.put("prefect.state-type", state.type().name());
    return resource;
  }

  /** Prefect 3.8.8, utilities/text.py truncated_to. */
  static String cut(String message) {
    if (message == null) {
      return "";
    }
    int omitted = message.length() - MESSAGE_MAX;
    if (omitted <= 0) {
      return message;
    }
    int half = MESSAGE_MAX / 2;
    var cut =
        message.substring(0, half)
            + "..."
            + omitted
            + " additional characters..."
            + message.substring(message.length() - half);
    return cut.length() < message.length() ? cut : message;
  }

  private static ObjectNode payload(State before, State after) {
    var payload = JsonNodeFactory.instance.objectNode();
    var from = before == null ? null : before.type().name();
    payload.putObject("intended").put("from", from).put("to", after.type().name());
    if (before == null) {
      payload.putNull("initial_state");
    } else {
      payload.set("initial_state", named(before));
    }
    payload.set("validated_state", named(after));
    return payload;
  }

  private static ObjectNode named(State state) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("type", state.type().name()).put("name", state.name());
    if (state.message() != null && !state.message().isEmpty()) {
      node.put("message", cut(state.message()));
    }
    if (state.type() == StateType.PAUSED) {
      node.put("pause_reschedule", String.valueOf(state.details().pauseReschedule()));
    }
    return node;
  }
}
