package io.sluice.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * A deployment as its owner knows it.
 *
 * @param version rises with every write and fences an owner that is none any more
 * @param limitId its concurrency limit, null for none
 * @param ownsLimit whether the limit was made for it alone and goes with it
 * @param lastPolled when its runs were last asked for, by its id or in a queue that it left; null
 *     for never
 * @param saidReady whether it was last said to be ready; of a new one nothing is said
 * @param placedAt since when it has its place, null if since it was created
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
    boolean saidReady,
    Instant placedAt) {

  /** Prefect 3.8.8, server.services.foreman.deployment_last_polled_timeout_seconds. */
  private static final Duration POLLED_WITHIN = Duration.ofSeconds(60);

  /** Silence counts when it is longer than allowed, not as long. */
  private static final Duration TOO_LONG = Duration.ofMillis(1);

  public Deployment {
    schedules = List.copyOf(schedules);
  }

  /** One that comes into being. */
  static Deployment created(
      UUID id, DeploymentSpec spec, List<Schedule> planned, LimitRef limit, Instant now) {
    return new Deployment(
        id, 0, now, now, spec, planned, limit.id(), limit.owned(), null, false, null);
  }

  Deployment with(DeploymentSpec changed, List<Schedule> planned, LimitRef limit, Instant now) {
    boolean moves = !Objects.equals(spec.place(), changed.place());
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
        saidReady,
        moves ? now : placedAt);
  }

  /** Whether it has runs to schedule. */
  boolean isScheduled() {
    return !spec.paused() && schedules.stream().anyMatch(Schedule::active);
  }

  /** A runner asked for its runs, which makes it ready. */
  Deployment polled(Instant now) {
    return next(now, true);
  }

  Deployment saying(boolean ready) {
    return next(lastPolled, ready);
  }

  /** With what is known of the queue that it leaves, which nobody is asked for afterwards. */
  Deployment leaving(Instant queuePolled) {
    return new Deployment(
        id,
        version,
        created,
        updated,
        spec,
        schedules,
        limitId,
        ownsLimit,
        polledAt(queuePolled),
        saidReady,
        placedAt);
  }

  private Deployment next(Instant polled, boolean ready) {
    return new Deployment(
        id,
        version + 1,
        created,
        updated,
        spec,
        schedules,
        limitId,
        ownsLimit,
        polled,
        ready,
        placedAt);
  }

  /** When that a runner asked by its id will be too long ago, null if none ever did. */
  Instant silentAt() {
    return lastPolled == null ? null : lastPolled.plus(POLLED_WITHIN).plus(TOO_LONG);
  }

  /**
   * When its runs were last asked for. What its queue was asked before it came there does not count
   * (Prefect 3.8.8, models/deployments.py mark_deployments_ready: each poll is noted with those
   * that are in the queue then).
   *
   * @param queuePolled when a worker last asked for the runs of its queue, null for never
   * @return null for never
   */
  public Instant polledAt(Instant queuePolled) {
    var since = placedAt == null ? created : placedAt;
    if (queuePolled == null || queuePolled.isBefore(since)) {
      return lastPolled;
    }
    return lastPolled == null || queuePolled.isAfter(lastPolled) ? queuePolled : lastPolled;
  }

  /**
   * Whether somebody asks for its runs.
   *
   * @param queuePolled when a worker last asked for those of its queue, null for never
   */
  public boolean isReady(Instant queuePolled, Instant now) {
    return isWithin(polledAt(queuePolled), now);
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
