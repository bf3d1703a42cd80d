package io.sluice.deployment;

import java.time.Duration;
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
 * @param saidReady whether it was last said to be ready; of a new one nothing is said
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
    Instant lastPolled,
    boolean saidReady) {

  /** Prefect 3.8.8, server.services.foreman.deployment_last_polled_timeout_seconds. */
  private static final Duration POLLED_WITHIN = Duration.ofSeconds(60);

  /** Silence counts when it is longer than allowed, not as long. */
  private static final Duration TOO_LONG = Duration.ofMillis(1);

  public Deployment {
    schedules = List.copyOf(schedules);
  }

  Deployment with(DeploymentSpec changed, List<Schedule> planned, LimitRef limit, Instant now) {
    return new Deployment(
        id,
        version + 1,
        created,
        now,
        changed,
        planned,
        limit.id(),
        limit.owned(),
        lastPolled,
        saidReady);
  }

  /** Whether it has runs to schedule. */
  boolean isScheduled() {
    return !spec.paused() && schedules.stream().anyMatch(Schedule::active);
  }

  /** A runner asked for its runs, which makes it ready. */
  Deployment polled(Instant now) {
    return new Deployment(
        id, version + 1, created, updated, spec, schedules, limitId, ownsLimit, now, true);
  }

  Deployment saying(boolean ready) {
    return new Deployment(
        id, version + 1, created, updated, spec, schedules, limitId, ownsLimit, lastPolled, ready);
  }

  /** When that a runner asked by its id will be too long ago, null if none ever did. */
  Instant silentAt() {
    return lastPolled == null ? null : lastPolled.plus(POLLED_WITHIN).plus(TOO_LONG);
  }

  /**
   * Whether somebody asks for its runs.
   *
   * @param queuePolled when a worker last asked for those of its queue, null for never
   */
  public boolean isReady(Instant queuePolled, Instant now) {
    return isWithin(lastPolled, now) || isWithin(queuePolled, now);
  }

  private static boolean isWithin(Instant polled, Instant now) {
    return polled != null && !polled.plus(POLLED_WITHIN).isBefore(now);
  }

  LimitRef limit() {
    return new LimitRef(limitId, ownsLimit);
  }

  /** A limit by its id, null for none, and whether it belongs to the deployment alone. */
  record LimitRef(UUID id, boolean owned) {
    static final LimitRef NONE = new LimitRef(null, false);
  }
}
