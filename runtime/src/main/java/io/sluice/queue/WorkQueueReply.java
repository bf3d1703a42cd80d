package io.sluice.queue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.cluster.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What the owner of a work queue answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface WorkQueueReply extends Wire {

  record Done() implements WorkQueueReply {}

  /** Go on, after taking a slot of each of {@code limits}. */
  record Admitted(List<UUID> limits, int priority) implements WorkQueueReply {}

  /**
   * What is due.
   *
   * @param occupied how many runs occupy the queue
   * @param lastArrival when a run last became known as waiting, null for never
   * @param longestGap between those that arrived lately, null if fewer than two did
   * @param nextDue when the next run after those is due, null if none is
   */
  record Due(
      List<DueRun> runs, int occupied, Instant lastArrival, Duration longestGap, Instant nextDue)
      implements WorkQueueReply {}

  /**
   * A run that is due.
   *
   * @param offeredTo the worker that has it already, null if none has
   */
  record DueRun(UUID runId, Instant due, Instant since, UUID deploymentId, String offeredTo) {}

  /**
   * The runs that occupy the queue.
   *
   * @param settled those of them that do not ask for their slots just now
   * @param cancelling how many more are being cancelled
   */
  record Occupants(Set<UUID> runIds, Set<UUID> settled, int cancelling) implements WorkQueueReply {}

  /** There is no such queue. */
  record NoSuchQueue() implements WorkQueueReply {}

  record Unavailable(String why) implements WorkQueueReply {}
}
