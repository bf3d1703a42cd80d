package io.sluice.queue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.run.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A work queue as operators see it. Its settings belong to the work pool, which keeps the
 * priorities of its queues apart.
 *
 * @param priority 1 or more, lower first, unique in the pool
 * @param concurrencyLimit how many of its runs may be PENDING or RUNNING, null for any number
 * @param lastPolled when a worker last asked for its runs, null for never
 */
public record WorkQueue(
    UUID id,
    long version,
    Instant created,
    Instant updated,
    UUID poolId,
    String name,
    String description,
    boolean paused,
    Integer concurrencyLimit,
    int priority,
    JsonNode filter,
    Instant lastPolled) {

  /** The name of the queue that every pool has. */
  public static final String DEFAULT = "default";

  private static final Duration POLLED_WITHIN = Duration.ofSeconds(60);

  /** Prefect 3.8.8, server/schemas/statuses.py WorkQueueStatus. */
  public enum Status {
    READY,
    NOT_READY,
    PAUSED
  }

  /**
   * What runs and deployments have of a queue that is not there, or not any more: its name, if they
   * asked for it by name. Whoever names none is in the default one (Prefect 3.8.8,
   * database/orm_models.py: the column work_queue_name is what the client said).
   *
   * @param place they were given, may be null
   * @param asked the name they asked for, if they were given none
   */
  public static String nameLeft(Place place, String asked) {
    if (place == null) {
      return asked;
    }
    return place.queueName().equals(DEFAULT) ? null : place.queueName();
  }

  public Status status(Instant now) {
    if (paused) {
      return Status.PAUSED;
    }
    return isPolled(now) ? Status.READY : Status.NOT_READY;
  }

  /** Whether a worker asked within the last minute. */
  public boolean isPolled(Instant now) {
    return lastPolled != null && !polledUntil().isBefore(now);
  }

  /** When the last time that a worker asked will be too long ago; there must be one. */
  public Instant polledUntil() {
    return lastPolled.plus(POLLED_WITHIN);
  }

  /** A changed copy with the next version. */
  public WorkQueue with(Instant now, Consumer<Builder> change) {
    var builder = new Builder(this);
    change.accept(builder);
    return new WorkQueue(
        id,
        version + 1,
        created,
        now,
        poolId,
        builder.name,
        builder.description,
        builder.paused,
        builder.concurrencyLimit,
        builder.priority,
        builder.filter,
        builder.lastPolled);
  }

  /** The fields that can be changed. */
  public static final class Builder {
    public String name;
    public String description;
    public boolean paused;
    public Integer concurrencyLimit;
    public int priority;
    public JsonNode filter;
    public Instant lastPolled;

    private Builder(WorkQueue from) {
      name = from.name;
      description = from.description;
      paused = from.paused;
      concurrencyLimit = from.concurrencyLimit;
      priority = from.priority;
      filter = from.filter;
      lastPolled = from.lastPolled;
    }
  }
}
