package io.sluice.queue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What may be asked of the owner of a work queue. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface WorkQueueCommand {

  /** The run is about to become PENDING; it occupies the queue from now on. */
  record Admit(UUID runId, long version, UUID deploymentId) implements WorkQueueCommand {}

  /** The run moved. */
  record Moved(Sighting sighting) implements WorkQueueCommand {}

  /**
   * Which runs are due.
   *
   * @param after may be null
   * @param before null for all
   * @param sentBack whether runs that were sent back to wait for a slot are meant, due or not
   * @param listen whether the pool is to be told, once, when another run becomes due
   */
  record Peek(Instant after, Instant before, int max, boolean sentBack, boolean listen)
      implements WorkQueueCommand {}

  /** These runs were handed to {@code worker}; until then they are not handed to another one. */
  record Offered(List<UUID> runIds, String worker, Instant until) implements WorkQueueCommand {}

  /** The settings are now these. */
  record Configure(QueueTerms terms) implements WorkQueueCommand {}

  /** The queue is gone, with its slots. */
  record Retire() implements WorkQueueCommand {}

  /** Which runs occupy the queue. */
  record GetOccupants() implements WorkQueueCommand {}
}
