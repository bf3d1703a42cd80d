package io.sluice.deployment;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A deployment as its owner knows it.
 *
 * @param version rises with every write and fences an owner that is none any more
 * @param limitId its concurrency limit, null for none
 * @param ownsLimit whether the limit was made for it alone and goes with it
 * @param lastPolled when a runner last asked for its runs by its id, null for never
 */
public record Deployment(
    UUID id,
    long version,
    Instant created,
    Instant updated,
    DeploymentSpec spec,
    List<Schedule> schedules,
    UUID limitId,
    boolean ownsLimit,
    Instant lastPolled) {

  public Deployment {
    schedules = List.copyOf(schedules);
  }

  Deployment with(DeploymentSpec changed, List<Schedule> planned, LimitRef limit, Instant now) {
    return new Deployment(
        id, version + 1, created, now, changed, planned, limit.id(), limit.owned(), lastPolled);
  }

  /** Whether it has runs to schedule. */
  boolean isScheduled() {
    return !spec.paused() && schedules.stream().anyMatch(Schedule::active);
  }

  Deployment polled(Instant now) {
    return new Deployment(
        id, version + 1, created, updated, spec, schedules, limitId, ownsLimit, now);
  }

  LimitRef limit() {
    return new LimitRef(limitId, ownsLimit);
  }

  /** A limit by its id, null for none, and whether it belongs to the deployment alone. */
  record LimitRef(UUID id, boolean owned) {
    static final LimitRef NONE = new LimitRef(null, false);
  }
}
