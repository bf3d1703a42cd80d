package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import io.sluice.http.Json;
import io.sluice.run.StateType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Reads an action and completes it (Prefect 3.8.8, server/events/actions.py). */
final class ActionBody {
  private static final Set<String> BARE =
      Set.of(
          "do-nothing",
          "cancel-flow-run",
          "delete-flow-run",
          "suspend-flow-run",
          "resume-flow-run");

  /** Actions on something that is selected by its id in this field, or inferred. */
  private static final Map<String, String> SELECTING =
      Map.of(
          "run-deployment", "deployment_id",
          "pause-deployment", "deployment_id",
          "resume-deployment", "deployment_id",
          "pause-work-pool", "work_pool_id",
          "resume-work-pool", "work_pool_id",
          "pause-work-queue", "work_queue_id",
          "resume-work-queue", "work_queue_id",
          "pause-automation", "automation_id",
          "resume-automation", "automation_id");

  private static final String CHANGE_STATE = "change-flow-run-state";
  private static final String NOTIFY = "send-notification";
  private static final String CALL = "call-webhook";

  private ActionBody() {}

  static ObjectNode read(Body body) {
    body.notNull("source", "schedule_after", "force", "payload", "subject");
    var type = body.requiredText("type");
    var action = JsonNodeFactory.instance.objectNode().put("type", type);
    if (SELECTING.containsKey(type)) {
      select(body, action, SELECTING.get(type));
    }
    switch (type) {
      case "run-deployment" -> run(body, action);
      case CHANGE_STATE -> changeState(body, action);
      case NOTIFY -> sendNotification(body, action);
      case CALL -> callWebhook(body, action);
      default -> {
        if (!SELECTING.containsKey(type) && !BARE.contains(type) && body.has("type")) {
          body.wrong("type", Fault.notOneOf("literal_error", List.copyOf(types())));
        }
      }
    }
    return action;
  }

  private static Set<String> types() {
    var types = new TreeSet<>(BARE);
    types.addAll(SELECTING.keySet());
    types.addAll(Set.of(CHANGE_STATE, NOTIFY, CALL));
    return types;
  }

  private static void select(Body body, ObjectNode action, String field) {
    var source = body.text("source").orElse("selected");
    var id = body.id(field).map(UUID::toString).orElse(null);
    if (!source.equals("selected") && !source.equals("inferred")) {
      body.wrong("source", "literal_error", "Input should be 'selected' or 'inferred'");
    } else if (source.equals("selected") && id == null) {
      body.wrong(field, "value_error", field + " is required");
    } else if (source.equals("inferred") && id != null) {
      body.wrong(field, "value_error", field + " is not allowed");
    }
    action.put("source", source).put(field, id);
  }

  private static void run(Body body, ObjectNode action) {
    action.set("parameters", mapOrNull(body, "parameters"));
    action.set("job_variables", mapOrNull(body, "job_variables"));
    double after = body.seconds("schedule_after").orElse(0.0);
    if (after < 0) {
      body.wrong("schedule_after", Fault.lessThan("0 seconds"));
    }
    action.put("schedule_after", after);
  }

  private static JsonNode mapOrNull(Body body, String field) {
    return body.node(field).isPresent() ? body.map(field) : NullNode.instance;
  }

  private static void changeState(Body body, ObjectNode action) {
    var state = StateJson.type(body, "state");
    body.required("state", state, StateType.SCHEDULED);
    action
        .put("name", body.text("name").orElse(null))
        .put("state", state.map(Enum::name).orElse(null))
        .put("message", body.text("message").orElse(null))
        .put("force", body.bool("force").orElse(false));
  }

  private static void sendNotification(Body body, ObjectNode action) {
    action
        .put("block_document_id", body.requiredId("block_document_id").toString())
        .put("subject", body.text("subject").orElse("Prefect automated notification"))
        .put("body", body.requiredText("body"));
    template(body, "subject");
    template(body, "body");
  }

  private static void callWebhook(Body body, ObjectNode action) {
    var payload = body.node("payload");
    action
        .put("block_document_id", body.requiredId("block_document_id").toString())
        .put("payload", payload.map(p -> p.isTextual() ? p.textValue() : Json.text(p)).orElse(""));
    if (payload.filter(JsonNode::isTextual).isPresent()) {
      template(body, "payload");
    }
  }

  private static void template(Body body, String field) {
    body.text(field)
        .flatMap(TemplateCheck::problem)
        .ifPresent(
            problem ->
                body.wrong(
                    field,
                    "value_error",
                    "'%s' is not a valid template: %s".formatted(field, problem.message())));
  }
}
