package io.sluice.automation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What is to happen when certain events do, as a client says it. */
public record Automation(UUID id, Instant created, Instant updated, Content content) {

  /**
   * What a client says.
   *
   * @param trigger complete, with the ids of all triggers in it
   * @param actions a list, each complete; so the others
   */
  public record Content(
      String name,
      String description,
      boolean enabled,
      List<String> tags,
      JsonNode trigger,
      JsonNode actions,
      JsonNode actionsOnTrigger,
      JsonNode actionsOnResolve) {

    public Content enabled(boolean nowEnabled) {
      return new Content(
          name,
          description,
          nowEnabled,
          tags,
          trigger,
          actions,
          actionsOnTrigger,
          actionsOnResolve);
    }
  }

  Automation with(UnaryOperator<Content> change, Instant now) {
    return new Automation(id, created, now, change.apply(content));
  }

  /** The resources of the deployments that its actions name. */
  List<String> deployments() {
    var resources = new ArrayList<String>();
    for (var action : content.actions()) {
      var deployment = action.path("deployment_id");
      if (action.path("type").asText().equals("run-deployment") && deployment.isTextual()) {
        resources.add("prefect.deployment." + deployment.textValue());
      }
    }
    return resources.stream().distinct().toList();
  }
}
