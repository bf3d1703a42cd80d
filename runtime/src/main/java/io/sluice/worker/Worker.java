package io.sluice.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A worker of a work pool, known by its name.
 *
 * @param heartbeatIntervalSeconds how often it says it will be heard, null if it does not say
 */
public record Worker(
    UUID id,
    long version,
    Instant created,
    Instant updated,
    UUID poolId,
    String name,
    Instant lastHeartbeat,
    Integer heartbeatIntervalSeconds) {

  /** Prefect 3.8.8, server/services/foreman.py: offline after so many intervals of silence. */
  private static final int INTERVALS_MISSED = 3;

  private static final int INTERVAL_SECONDS_DEFAULT = 30;

  /** Prefect 3.8.8, server/schemas/statuses.py WorkerStatus. */
  public enum Status {
    ONLINE,
    OFFLINE
  }

  public Status status(Instant now) {
    return silentAt().isBefore(now) ? Status.OFFLINE : Status.ONLINE;
  }

  /** When it counts as offline unless it is heard. */
  public Instant silentAt() {
    int interval =
        heartbeatIntervalSeconds == null ? INTERVAL_SECONDS_DEFAULT : heartbeatIntervalSeconds;
    return lastHeartbeat.plus(Duration.ofSeconds(INTERVALS_MISSED * (long) interval));
  }

  /** The worker after it was heard at {@code now}. */
  public Worker heard(Integer intervalSeconds, Instant now) {
    return new Worker(
        id,
        version + 1,
        created,
        now,
        poolId,
        name,
        now,
        intervalSeconds == null ? heartbeatIntervalSeconds : intervalSeconds);
  }
}
