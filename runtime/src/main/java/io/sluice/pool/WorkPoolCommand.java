package io.sluice.pool;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What may be asked of the owner of a work pool. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface WorkPoolCommand {

  /** The pool with its queues and workers. */
  record Get() implements WorkPoolCommand {}

  /** Brings the pool into being with its default queue. */
  record Create(
      String name,
      String description,
      String type,
      JsonNode baseJobTemplate,
      boolean paused,
      Integer concurrencyLimit,
      JsonNode storageConfiguration)
      implements WorkPoolCommand {}

  /** Changes the pool; fields not in {@code given} stay, a given null clears. */
  record Change(
      Set<Field> given,
      String description,
      JsonNode baseJobTemplate,
      boolean paused,
      Integer concurrencyLimit,
      JsonNode storageConfiguration)
      implements WorkPoolCommand {
    /** The fields that can be changed. */
    public enum Field {
      DESCRIPTION,
      BASE_JOB_TEMPLATE,
      PAUSED,
      CONCURRENCY_LIMIT,
      STORAGE_CONFIGURATION
    }
  }

  /** Deletes the pool with its queues and workers. */
  record Delete() implements WorkPoolCommand {}

  /** Adds a queue; {@code priority} null for the lowest free one. */
  record CreateQueue(
      String name,
      String description,
      boolean paused,
      Integer concurrencyLimit,
      Integer priority,
      JsonNode filter)
      implements WorkPoolCommand {}

  /** Changes a queue; fields not in {@code given} stay, a given null clears. */
  record ChangeQueue(
      UUID queue,
      Set<Field> given,
      String name,
      String description,
      boolean paused,
      Integer concurrencyLimit,
      int priority,
      Instant lastPolled,
      JsonNode filter)
      implements WorkPoolCommand {
    /** The fields that can be changed. */
    public enum Field {
      NAME,
      DESCRIPTION,
      PAUSED,
      CONCURRENCY_LIMIT,
      PRIORITY,
      LAST_POLLED,
      FILTER
    }
  }

  /** Deletes a queue; the default queue stays. */
  record DeleteQueue(UUID queue) implements WorkPoolCommand {}

  /** A worker was heard. */
  record Heartbeat(String worker, Integer intervalSeconds) implements WorkPoolCommand {}

  record DeleteWorker(String worker) implements WorkPoolCommand {}

  /** A worker asked for runs of these queues. */
  record Polled(List<UUID> queues) implements WorkPoolCommand {}

  /** Answered when a run became due in the pool, or at {@code until}. */
  record AwaitDue(Instant until) implements WorkPoolCommand {}

  /** Looks whether what was said of workers and polls is still true. */
  record Wake() implements WorkPoolCommand {}

  /** A run became due in one of the queues. */
  record RunsDue() implements WorkPoolCommand {}
}
