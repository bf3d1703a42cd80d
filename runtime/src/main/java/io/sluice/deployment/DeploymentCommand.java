package io.sluice.deployment;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import java.util.List;
import java.util.UUID;

/** What may be asked of the owner of a deployment. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface DeploymentCommand {

  record Get() implements DeploymentCommand {}

  /**
   * Creates the deployment, or replaces all that is said of it.
   *
   * @param ifVersion of the deployment that is replaced, null if it is to be created
   */
  record Put(
      Long ifVersion,
      DeploymentSpec spec,
      List<Schedule> schedules,
      UUID limitId,
      boolean ownsLimit)
      implements DeploymentCommand {}

  /** A runner asked for the deployment's runs. */
  record Polled() implements DeploymentCommand {}

  /** Looks whether it is still what was said of it, ready or not. */
  record Look() implements DeploymentCommand {}

  record Delete() implements DeploymentCommand {}

  /** Schedules what is due to be scheduled; nothing if it is not time. */
  record Wake() implements DeploymentCommand {}

  /** Schedules runs at once: those of {@code window} that are not there yet. */
  record ScheduleAhead(ScheduleWindow window) implements DeploymentCommand {}
}
