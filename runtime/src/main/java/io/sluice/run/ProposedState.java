package io.sluice.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A state that somebody wants a run to enter; the owner gives it an id and a time.
 *
 * @param name never null
 * @param data the result or a reference to it, stored and returned as it is; may be null
 */
public record ProposedState(
    StateType type, String name, String message, JsonNode data, StateDetails details) {
  public ProposedState {
    name = name == null ? type.defaultName() : name;
    details = details == null ? StateDetails.NONE : details;
  }

  public static ProposedState of(StateType type) {
    return new ProposedState(type, null, null, null, null);
  }

  /** A SCHEDULED state for {@code at}. */
  public static ProposedState scheduled(String name, String message, Instant at) {
    var details = StateDetails.NONE.with(d -> d.scheduledTime = at);
    return new ProposedState(StateType.SCHEDULED, name, message, null, details);
  }

  public static ProposedState cancelled(String message) {
    return new ProposedState(StateType.CANCELLED, null, message, null, null);
  }

  public ProposedState with(Consumer<StateDetails.Builder> change) {
    return new ProposedState(type, name, message, data, details.with(change));
  }

  public ProposedState named(String other) {
    return new ProposedState(type, other, message, data, details);
  }

  /** A SCHEDULED state without a time is scheduled for now. */
  public ProposedState scheduledBy(Instant now) {
    return type == StateType.SCHEDULED && details.scheduledTime() == null
        ? with(d -> d.scheduledTime = now)
        : this;
  }

  public State entered(UUID id, Instant at) {
    return new State(id, type, name, at, message, data, details);
  }

  /** Whether {@code data} is more than the note that the result was not persisted. */
  static boolean isPersistedResult(JsonNode data) {
    return data != null
        && data.isObject()
        && !data.isEmpty()
        && !"unpersisted".equals(data.path("type").asText());
  }
}
