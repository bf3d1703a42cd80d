package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.variable.Variables;
import java.util.concurrent.CompletableFuture;

/** {@link Hydration} with the variables that are stored. */
public final class Hydrations {
  private final Variables variables;

  public Hydrations(Variables variables) {
    this.variables = variables;
  }

  /**
   * What {@code parameters} mean; refused with {@link Rejection.BadHydration} if that cannot be
   * told.
   *
   * @param what failed in that case, for people
   */
  public CompletableFuture<JsonNode> of(String what, JsonNode parameters) {
    if (!Hydration.isNeeded(parameters)) {
      return CompletableFuture.completedFuture(parameters);
    }
    return in(parameters)
        .thenApply(
            hydration -> {
              try {
                return hydration.of(parameters);
              } catch (Hydration.Impossible impossible) {
                throw new Refused(new Rejection.BadHydration(what, impossible.getMessage()));
              }
            });
  }

  /** What can be told of {@code values}; never refused. */
  public CompletableFuture<PartialHydration> partly(JsonNode values) {
    return in(values).thenApply(hydration -> PartialHydration.of(hydration, values));
  }

  private CompletableFuture<Hydration> in(JsonNode values) {
    return variables.values(Hydration.variablesIn(values)).thenApply(Hydration::new);
  }
}
