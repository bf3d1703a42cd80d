package io.sluice.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.artifact.Artifacts.Artifact;
import io.sluice.automation.Automation;
import io.sluice.event.Events;
import io.sluice.flow.Flow;
import io.sluice.variable.Variables.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Says that a flow, a variable, an automation or a collection of artifacts was created, changed or
 * deleted, and what it is (Prefect 3.8.8, events/schemas/lifecycle.py). What is before is null for
 * a new one, what is after for one that is gone.
 */
public final class ThingEvents {
  private final Tell flows;
  private final Tell variables;
  private final Tell automations;
  private final Tell collections;

  public ThingEvents(Events events) {
    this.flows = new Tell(events, "flow");
    this.variables = new Tell(events, "variable");
    this.automations = new Tell(events, "automation");
    this.collections = new Tell(events, "artifact-collection");
  }

  public void flow(Flow before, Flow after) {
    var flow = after == null ? before : after;
    var payload = named(flow.name(), flow.tags());
    var labels = flow.labels() == null ? JsonNodeFactory.instance.objectNode() : flow.labels();
    payload.set("labels", labels);
    tell(flows, Tell.happened(before, after), flow.id(), flow.name(), payload);
  }

  public void variable(Variable before, Variable after) {
    var variable = after == null ? before : after;
    var payload = JsonNodeFactory.instance.objectNode().put("name", variable.name());
    payload.set("value", variable.value());
    payload.set("tags", list(variable.tags()));
    tell(variables, Tell.happened(before, after), variable.id(), variable.name(), payload);
  }

  public void automation(Automation before, Automation after) {
    var automation = after == null ? before : after;
    var content = automation.content();
    var payload =
        named(content.name(), content.tags())
            .put("description", content.description())
            .put("enabled", content.enabled())
            .put("id", automation.id().toString())
            .put("created", automation.created().toString())
            .put("updated", automation.updated().toString());
    payload.set("trigger", content.trigger());
    payload.set("actions", content.actions());
    payload.set("actions_on_trigger", content.actionsOnTrigger());
    payload.set("actions_on_resolve", content.actionsOnResolve());
    tell(automations, Tell.happened(before, after), automation.id(), content.name(), payload);
  }

  /** A collection is what its latest artifact is. */
  public void latestArtifact(Artifact before, Artifact after) {
    var latest = after == null ? before : after;
    var payload =
        JsonNodeFactory.instance.objectNode().put("key", latest.key()).put("type", latest.type());
    payload.set("data", latest.data());
    payload.put("description", latest.description());
    var related = new ArrayList<Map<String, String>>();
    related.add(Other.related("prefect.artifact." + latest.id(), "latest"));
    if (latest.flowRunId() != null) {
      related.add(Other.related("prefect.flow-run." + latest.flowRunId(), "flow-run"));
    }
    if (latest.taskRunId() != null) {
      related.add(Other.related("prefect.task-run." + latest.taskRunId(), "task-run"));
    }
    var collection = collections.resource(latest.collectionId(), latest.key());
    collections.that(Tell.happened(before, after), collection, related, payload);
  }

  private static void tell(Tell of, String happened, UUID id, String name, ObjectNode payload) {
    of.that(happened, of.resource(id, name), List.of(), payload);
  }

  private static ObjectNode named(String name, List<String> tags) {
    return JsonNodeFactory.instance.objectNode().put("name", name).set("tags", list(tags));
  }

  private static JsonNode list(List<String> tags) {
    var list = JsonNodeFactory.instance.arrayNode();
    tags.forEach(list::add);
    return list;
  }
}
