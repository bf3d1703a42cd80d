package io.sluice.queue;

import java.time.Instant;
import java.util.UUID;

/**
 * Where a run of a work queue is.
 *
 * @param version the run's; an older sighting than the known one is ignored
 * @param due when it is due, if it waits
 * @param since since when it waits, which may be before it is due: it was sent back to wait
 * @param stateName of the state it is in
 */
public record Sighting(
    UUID runId,
    long version,
    Whereabouts where,
    Instant due,
    Instant since,
    UUID deploymentId,
    String stateName) {

  public enum Whereabouts {
    /** A worker may be given it. */
    WAITING,
    /** It takes a slot. */
    OCCUPYING,
    /** It is being stopped and takes a slot no more. */
    CANCELLING,
    /** It has ended or is none of the queue's business. */
    ELSEWHERE
  }

  boolean isWaiting() {
    return where == Whereabouts.WAITING;
  }
}
