package io.sluice.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A state that a run has entered.
 *
 * @param timestamp when, by the owner's clock; later than that of the run's state before
 */
public record State(
    UUID id,
    StateType type,
    String name,
    Instant timestamp,
    String message,
    JsonNode data,
    StateDetails details) {

  /** The same as a proposal, for another run to enter. */
  public ProposedState proposed() {
    return new ProposedState(type, name, message, data, details);
  }

  /** Whether it carries a result that somebody may have read and that must not be lost. */
  @JsonIgnore
  public boolean hasPersistedResult() {
    return ProposedState.isPersistedResult(data);
  }
}
