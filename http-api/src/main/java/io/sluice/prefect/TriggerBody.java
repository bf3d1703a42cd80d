package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import java.util.List;
import java.util.UUID;

/** Reads a trigger, with the triggers in it, and completes it (see {@link AutomationBody}). */
final class TriggerBody {
  private static final double PROACTIVE_MIN_SECONDS = 10;

  private TriggerBody() {}

  static ObjectNode read(Body body) {
    return switch (type(body)) {
      case "event" -> event(body);
      case "compound" -> compound(body);
      case "sequence" -> sequence(body);
      default -> {
        body.wrong("type", "literal_error", "Input should be 'event', 'compound' or 'sequence'");
        yield JsonNodeFactory.instance.objectNode();
      }
    };
  }

  /** Without a type, it is what its fields are of. */
  private static String type(Body body) {
    body.notNull("type");
    return body.text("type")
        .orElseGet(
            () -> body.has("require") ? "compound" : body.has("triggers") ? "sequence" : "event");
  }

  private static ObjectNode trigger(String type) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("id", UUID.randomUUID().toString());
  }

  private static ObjectNode event(Body body) {
    body.notNull("match", "match_related", "after", "expect", "for_each", "threshold", "within");
    var posture =
        body.required("posture", body.literal("posture", List.of("Reactive", "Proactive")), "");
    boolean proactive = posture.equals("Proactive");
    var trigger = trigger("event");
    trigger.set("match", Names.wanted(body, "match"));
    trigger.set("match_related", related(body));
    trigger.set("after", names(body, "after"));
    trigger.set("expect", names(body, "expect"));
    trigger.set("for_each", names(body, "for_each"));
    trigger.put("posture", posture);
    trigger.put("threshold", body.integer("threshold").orElse(1));
    trigger.put("within", within(body, proactive));
    return trigger;
  }

  private static JsonNode related(Body body) {
    if (body.node("match_related").filter(JsonNode::isArray).isPresent()) {
      body.objects("match_related");
      return body.list("match_related");
    }
    return body.map("match_related");
  }

  private static ArrayNode names(Body body, String field) {
    var names = JsonNodeFactory.instance.arrayNode();
    body.texts(field).orElse(List.of()).stream().distinct().forEach(names::add);
    return names;
  }

  private static double within(Body body, boolean proactive) {
    double seconds = body.seconds("within").orElse(0.0);
    if (seconds < 0) {
      body.wrong("within", Fault.lessThan("0 seconds"));
    } else if (proactive && seconds == 0) {
      return PROACTIVE_MIN_SECONDS;
    } else if (proactive && seconds < PROACTIVE_MIN_SECONDS) {
      body.wrong(
          "within",
          "value_error",
          "`within` for Proactive triggers must be greater than or equal to 10 seconds");
    }
    return seconds;
  }

  private static ObjectNode composite(String type, Body body) {
    var trigger = trigger(type);
    var inner = trigger.putArray("triggers");
    body.required("triggers", body.objects("triggers"), List.of())
        .forEach(each -> inner.add(read(each)));
    if (!body.has("within")) {
      body.wrong("within", "missing", "Field required");
    }
    body.seconds("within")
        .ifPresentOrElse(
            seconds -> trigger.put("within", seconds), () -> trigger.putNull("within"));
    return trigger;
  }

  private static ObjectNode sequence(Body body) {
    return composite("sequence", body);
  }

  private static ObjectNode compound(Body body) {
    var trigger = composite("compound", body);
    var require = body.node("require").filter(JsonNode::isTextual).map(JsonNode::textValue);
    if (require.isPresent() && (require.get().equals("any") || require.get().equals("all"))) {
      return trigger.put("require", require.get());
    }
    int number = body.required("require", body.integer("require"), 1);
    if (number < 1) {
      body.wrong("require", "value_error", "require must be at least 1");
    } else if (number > trigger.get("triggers").size() && body.has("require")) {
      body.wrong(
          "require", "value_error", "require must be less than or equal to the number of triggers");
    }
    return trigger.put("require", number);
  }
}
