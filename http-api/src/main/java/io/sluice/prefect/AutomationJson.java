package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.automation.Automation;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Wire shape of an automation (Prefect 3.8.8, server/events/schemas/automations.py). */
record AutomationJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    String description,
    boolean enabled,
    List<String> tags,
    JsonNode trigger,
    JsonNode actions,
    JsonNode actionsOnTrigger,
    JsonNode actionsOnResolve) {

  static AutomationJson of(Automation automation) {
    var content = automation.content();
    return new AutomationJson(
        automation.id(),
        automation.created(),
        automation.updated(),
        content.name(),
        content.description(),
        content.enabled(),
        content.tags(),
        content.trigger(),
        content.actions(),
        content.actionsOnTrigger(),
        content.actionsOnResolve());
  }
}
