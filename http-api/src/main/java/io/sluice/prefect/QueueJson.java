package io.sluice.prefect;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Body;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.pool.WorkPoolCommand.ChangeQueue.Field;
import io.sluice.queue.WorkQueue;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;

/** Wire shape of a work queue (Prefect 3.8.8, schemas/responses.py WorkQueueResponse). */
record QueueJson(
    @JsonUnwrapped Stored stored,
    String workPoolName,
    WorkQueue.Status status,
    Integer activeSlots) {

  /** WorkQueue: without what is known only beside it. */
  record Stored(
      UUID id,
      Instant created,
      Instant updated,
      String name,
      String description,
      boolean isPaused,
      Integer concurrencyLimit,
      int priority,
      UUID workPoolId,
      JsonNode filter,
      Instant lastPolled) {

    static Stored of(WorkQueue queue) {
      return new Stored(
          queue.id(),
          queue.created(),
          queue.updated(),
          queue.name(),
          queue.description(),
          queue.paused(),
          queue.concurrencyLimit(),
          queue.priority(),
          queue.poolId(),
          queue.filter(),
          queue.lastPolled());
    }
  }

  static QueueJson of(WorkQueue queue, String poolName, int activeSlots, Instant now) {
    return new QueueJson(
        Stored.of(queue),
        poolName,
        queue.status(now),
        queue.concurrencyLimit() == null ? null : activeSlots);
  }

  /** WorkQueueCreate. */
  static WorkPoolCommand.CreateQueue create(Body body) {
    body.notNull("is_paused");
    var create =
        new WorkPoolCommand.CreateQueue(
            Names.required(body, "name"),
            body.text("description").orElse(""),
            body.bool("is_paused").orElse(false),
            limit(body),
            priority(body).orElse(null),
            filter(body));
    body.end();
    return create;
  }

  /** QueueFilter, which may have other fields; as it is. */
  private static JsonNode filter(Body body) {
    var filter = body.object("filter");
    filter.ifPresent(
        given -> {
          given.texts("tags");
          given.ids("deployment_ids");
        });
    return filter.map(Body::whole).orElse(null);
  }

  private static Integer limit(Body body) {
    return body.integer("concurrency_limit", 0, Integer.MAX_VALUE).orElse(null);
  }

  private static Optional<Integer> priority(Body body) {
    return body.positiveInteger("priority");
  }

  /** WorkQueueUpdate. */
  static WorkPoolCommand.ChangeQueue change(UUID queue, Body body) {
    body.notNull("name", "description", "is_paused", "priority");
    var given = EnumSet.noneOf(Field.class);
    var name = Names.optional(body, "name");
    var paused = body.bool("is_paused");
    var priority = priority(body);
    name.ifPresent(present -> given.add(Field.NAME));
    paused.ifPresent(present -> given.add(Field.PAUSED));
    priority.ifPresent(present -> given.add(Field.PRIORITY));
    if (body.has("description")) {
      given.add(Field.DESCRIPTION);
    }
    if (body.has("concurrency_limit")) {
      given.add(Field.CONCURRENCY_LIMIT);
    }
    if (body.has("last_polled")) {
      given.add(Field.LAST_POLLED);
    }
    if (body.has("filter")) {
      given.add(Field.FILTER);
    }
    var change =
        new WorkPoolCommand.ChangeQueue(
            queue,
            given,
            name.orElse(null),
            body.text("description").orElse(null),
            paused.orElse(false),
            limit(body),
            priority.orElse(0),
            body.time("last_polled").orElse(null),
            filter(body));
    body.end();
    return change;
  }
}
