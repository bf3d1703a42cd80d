package io.sluice.run;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.cluster.Wire;

/** What the owner of a flow run answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface RunReply extends Wire {

  /** The run as it is now. */
  record Found(FlowRun run) implements RunReply {}

  /** There is no such run. */
  record NoSuchRun() implements RunReply {}

  /**
   * A proposal was taken.
   *
   * @param run as it is now
   * @param status how it was taken
   * @param reason null if accepted
   * @param delaySeconds for WAIT: when to propose again
   * @param entered whether a state was written
   */
  record Ruled(FlowRun run, Ruling.Status status, String reason, int delaySeconds, boolean entered)
      implements RunReply {}

  /** Another run has the same flow and idempotency key. */
  record Exists() implements RunReply {}

  /** The change is not allowed in the run's state. */
  record NotNow(StateType state) implements RunReply {}

  /**
   * Asking again is safe and needed: the store did not take it, too much waits for this run, or the
   * run is over but its slot could not be given back.
   */
  record Unavailable(String why) implements RunReply {}
}
