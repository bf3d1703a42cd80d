package io.sluice.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Something that happened (Prefect 3.8.8, server/events/schemas/events.py).
 *
 * @param event its name, such as {@code prefect.flow-run.Running}
 * @param resource what it happened to; {@link #ID} is always there
 * @param related what else it is about; each has an id and a role
 * @param follows the event before it, may be null
 */
public record Event(
    UUID id,
    Instant occurred,
    Instant received,
    String event,
    Map<String, String> resource,
    List<Map<String, String>> related,
    JsonNode payload,
    UUID follows) {

  public static final String ID = "prefect.resource.id";
  public static final String NAME = "prefect.resource.name";
  public static final String ROLE = "prefect.resource.role";

  public String resourceId() {
    return resource.get(ID);
  }
}
