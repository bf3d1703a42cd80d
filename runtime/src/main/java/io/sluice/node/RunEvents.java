package io.sluice.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.flow.Flows;
import io.sluice.run.FlowRun;
import io.sluice.run.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Says of each state that a flow run enters that it did (Prefect 3.8.8, server/models/events.py
 * flow_run_state_change_event). Clients cancel and suspend by these events.
 */
final class RunEvents {
  /** Longer messages are cut in events. */
  private static final int MESSAGE_MAX = 100_000;

  private final Events events;
  private final Flows flows;

  RunEvents(Events events, Flows flows) {
    this.events = events;
    this.flows = flows;
  }

  void entered(State before, FlowRun run) {
    flows
        .nameOf(run.spec().flowId())
        .exceptionally(unknown -> Optional.empty())
        .thenAccept(flow -> events.publish(event(before, run, flow.orElse(null))));
  }

  private Event event(State before, FlowRun run, String flowName) {
    var state = run.state();
    return new Event(
        state.id(),
        state.timestamp(),
        events.now(),
        "prefect.flow-run." + state.name(),
        resource(run, state),
        related(run, flowName),
        payload(before, state),
        before == null ? null : before.id());
  }

  private static Map<String, String> resource(FlowRun run, State state) {
    var resource = new LinkedHashMap<String, String>();
    resource.put(Event.ID, "prefect.flow-run." + run.id());
    resource.put(Event.NAME, run.spec().name());
    resource.put("prefect.run-count", String.valueOf(run.progress().runCount()));
    resource.put("prefect.state-message", cut(state.message()));
    resource.put("prefect.state-name", state.name());
    resource.put("prefect.state-timestamp", state.timestamp().toString());
    resource.put("prefect.state-type", state.type().name());
    return resource;
  }

  private static String cut(String message) {
    if (message == null) {
      return "";
    }
    return message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) : message;
  }

  private static List<Map<String, String>> related(FlowRun run, String flowName) {
    var related = new ArrayList<Map<String, String>>();
    related.add(other("flow", run.spec().flowId(), flowName));
    if (run.spec().deploymentId() != null) {
      related.add(other("deployment", run.spec().deploymentId(), null));
    }
    var place = run.spec().place();
    if (place != null) {
      related.add(other("work-queue", place.queueId(), place.queueName()));
      related.add(other("work-pool", place.poolId(), place.poolName()));
    }
    for (var tag : run.spec().tags()) {
      related.add(Map.of(Event.ID, "prefect.tag." + tag, Event.ROLE, "tag"));
    }
    return related;
  }

  private static Map<String, String> other(String role, UUID id, String name) {
    var other = new LinkedHashMap<String, String>();
    other.put(Event.ID, "prefect." + role + "." + id);
    other.put(Event.ROLE, role);
    if (name != null) {
      other.put(Event.NAME, name);
    }
    return other;
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
    if (state.message() != null) {
      node.put("message", cut(state.message()));
    }
    return node;
  }
}
