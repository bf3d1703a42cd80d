package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.automation.Automation.Content;
import io.sluice.http.Body;
import java.util.List;
import java.util.Optional;

/**
 * Reads an automation as clients write it (Prefect 3.8.8, server/events/schemas/automations.py
 * AutomationCore). What is left out takes Prefect's defaults; triggers get new ids.
 *
 * @param present what was given of the parts that may be left out
 */
record AutomationBody(Content content, Present present) {
  private static final JsonNode NONE = JsonNodeFactory.instance.arrayNode();

  /** What a body has of the parts that keep their value if an update leaves them out. */
  record Present(
      boolean description,
      boolean enabled,
      boolean tags,
      boolean actionsOnTrigger,
      boolean actionsOnResolve) {}

  /** Notes what is wrong in {@code body}. */
  static AutomationBody read(Body body) {
    body.notNull("description", "enabled", "tags", "actions_on_trigger", "actions_on_resolve");
    var trigger = body.object("trigger").map(TriggerBody::read);
    var content =
        new Content(
            body.required("name", body.text("name", Names.LENGTH_MAX), ""),
            body.text("description").orElse(""),
            body.bool("enabled").orElse(true),
            Names.tags(body).orElse(List.of()),
            body.required("trigger", trigger, JsonNodeFactory.instance.objectNode()),
            body.required("actions", actions(body, "actions"), NONE),
            actions(body, "actions_on_trigger").orElse(NONE),
            actions(body, "actions_on_resolve").orElse(NONE));
    return new AutomationBody(
        content,
        new Present(
            body.has("description"),
            body.has("enabled"),
            body.has("tags"),
            body.has("actions_on_trigger"),
            body.has("actions_on_resolve")));
  }

  private static Optional<JsonNode> actions(Body body, String field) {
    return body.objects(field)
        .map(
            given -> {
              var actions = JsonNodeFactory.instance.arrayNode();
              given.forEach(action -> actions.add(ActionBody.read(action)));
              return actions;
            });
  }

  /** What an automation says after this update. */
  Content over(Content before) {
    return new Content(
        content.name(),
        present.description() ? content.description() : before.description(),
        present.enabled() ? content.enabled() : before.enabled(),
        present.tags() ? content.tags() : before.tags(),
        content.trigger(),
        content.actions(),
        present.actionsOnTrigger() ? content.actionsOnTrigger() : before.actionsOnTrigger(),
        present.actionsOnResolve() ? content.actionsOnResolve() : before.actionsOnResolve());
  }
}
