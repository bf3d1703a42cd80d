package io.sluice.pool;

import io.sluice.pool.WorkPoolCommand.Change;
import io.sluice.pool.WorkPoolCommand.ChangeQueue;
import io.sluice.pool.WorkPoolCommand.CreateQueue;
import io.sluice.pool.WorkPoolReply.Done;
import io.sluice.pool.WorkPoolReply.FoundQueue;
import io.sluice.queue.WorkQueue;
import io.sluice.worker.Worker;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What follows from a command: the pool afterwards, null if it is gone and the same object if
 * nothing changes, and the reply once that is written. Pure.
 */
record PoolChange(PoolState after, WorkPoolReply reply) {

  static PoolChange create(UUID id, WorkPoolCommand.Create create, Instant now) {
    var queueId = derived(id, "queue " + WorkQueue.DEFAULT);
    var pool =
        new WorkPool(
            id,
            0,
            now,
            now,
            create.name(),
            create.description(),
            create.type(),
            create.baseJobTemplate(),
            create.paused(),
            create.concurrencyLimit(),
            create.storageConfiguration(),
            queueId);
    var queue =
        new WorkQueue(
            queueId,
            0,
            now,
            now,
            id,
            WorkQueue.DEFAULT,
            "The work pool's default queue.",
            false,
            null,
            1,
            null,
            null);
    var state = new PoolState(pool, List.of(queue), Map.of(), null);
    return new PoolChange(state, new WorkPoolReply.Found(state));
  }

  /** An id that follows from the pool's and a name, so that no randomness is needed here. */
  private static UUID derived(UUID pool, String what) {
    var hash = UUID.nameUUIDFromBytes((pool + " " + what).getBytes(StandardCharsets.UTF_8));
    long version4 = hash.getMostSignificantBits() & ~0xF000L | 0x4000L;
    return new UUID(version4, hash.getLeastSignificantBits());
  }

  static PoolChange of(PoolState state, WorkPoolCommand command, Instant now) {
    if (command instanceof Change change) {
      return new PoolChange(state.with(changed(state.pool(), change, now)), new Done());
    } else if (command instanceof WorkPoolCommand.Delete) {
      return new PoolChange(null, new Done());
    } else if (command instanceof CreateQueue create) {
      return createQueue(state, create, now);
    } else if (command instanceof ChangeQueue change) {
      return changeQueue(state, change, now);
    } else if (command instanceof WorkPoolCommand.DeleteQueue delete) {
      return deleteQueue(state, delete.queue());
    } else if (command instanceof WorkPoolCommand.Heartbeat heartbeat) {
      return heartbeat(state, heartbeat, now);
    } else if (command instanceof WorkPoolCommand.DeleteWorker delete) {
      return state.workers().containsKey(delete.worker())
          ? new PoolChange(state.withoutWorker(delete.worker()), new Done())
          : new PoolChange(state, new WorkPoolReply.NoSuchWorker());
    } else if (command instanceof WorkPoolCommand.Polled polled) {
      return polled(state, polled.queues(), now);
    }
    return new PoolChange(state, new WorkPoolReply.Found(state));
  }

  /** The same, with what is to be said of the pool afterwards. */
  PoolChange said(Instant now) {
    return after == null ? this : new PoolChange(after.said(now), reply);
  }

  /**
   * Whether workers must be told: the pool is gone, or what they do with runs changed.
   *
   * @param before null if there was none
   */
  boolean concernsWorkers(PoolState before) {
    return before != null && (after == null || !after.pool().isSameForWorkersAs(before.pool()));
  }

  /** Whether a worker that waits for runs might find some after the command. */
  static boolean mayMakeDue(WorkPoolCommand command) {
    return !(command instanceof WorkPoolCommand.Heartbeat
        || command instanceof WorkPoolCommand.DeleteWorker
        || command instanceof WorkPoolCommand.Polled
        || command instanceof WorkPoolCommand.Wake);
  }

  private static WorkPool changed(WorkPool pool, Change change, Instant now) {
    var given = change.given();
    return pool.with(
        now,
        p -> {
          p.description =
              given.contains(Change.Field.DESCRIPTION) ? change.description() : p.description;
          p.baseJobTemplate =
              given.contains(Change.Field.BASE_JOB_TEMPLATE)
                  ? change.baseJobTemplate()
                  : p.baseJobTemplate;
          p.paused = given.contains(Change.Field.PAUSED) ? change.paused() : p.paused;
          p.concurrencyLimit =
              given.contains(Change.Field.CONCURRENCY_LIMIT)
                  ? change.concurrencyLimit()
                  : p.concurrencyLimit;
          p.storageConfiguration =
              given.contains(Change.Field.STORAGE_CONFIGURATION)
                  ? change.storageConfiguration()
                  : p.storageConfiguration;
        });
  }

  private static PoolChange createQueue(PoolState state, CreateQueue create, Instant now) {
    if (state.queue(create.name()).isPresent()) {
      return new PoolChange(state, new WorkPoolReply.NameTaken());
    }
    var id = derived(state.pool().id(), "queue " + create.name() + " " + now);
    var queue =
        new WorkQueue(
            id,
            0,
            now,
            now,
            state.pool().id(),
            create.name(),
            create.description(),
            create.paused(),
            create.concurrencyLimit(),
            create.priority() == null ? state.freePriority() : create.priority(),
            create.filter(),
            null);
    return new PoolChange(state.with(queue, now), new FoundQueue(queue));
  }

  private static PoolChange changeQueue(PoolState state, ChangeQueue change, Instant now) {
    var found = state.queue(change.queue());
    if (found.isEmpty()) {
      return new PoolChange(state, new WorkPoolReply.NoSuchQueue());
    }
    var other = change.name() == null ? found : state.queue(change.name());
    if (other.isPresent() && !other.get().id().equals(change.queue())) {
      return new PoolChange(state, new WorkPoolReply.NameTaken());
    }
    var given = change.given();
    var changed =
        found
            .get()
            .with(
                now,
                q -> {
                  q.name = given.contains(ChangeQueue.Field.NAME) ? change.name() : q.name;
                  q.description =
                      given.contains(ChangeQueue.Field.DESCRIPTION)
                          ? change.description()
                          : q.description;
                  q.paused = given.contains(ChangeQueue.Field.PAUSED) ? change.paused() : q.paused;
                  q.concurrencyLimit =
                      given.contains(ChangeQueue.Field.CONCURRENCY_LIMIT)
                          ? change.concurrencyLimit()
                          : q.concurrencyLimit;
                  q.priority =
                      given.contains(ChangeQueue.Field.PRIORITY) ? change.priority() : q.priority;
                  q.lastPolled =
                      given.contains(ChangeQueue.Field.LAST_POLLED)
                          ? change.lastPolled()
                          : q.lastPolled;
                  q.filter = given.contains(ChangeQueue.Field.FILTER) ? change.filter() : q.filter;
                });
    return new PoolChange(state.with(changed, now), new FoundQueue(changed));
  }

  private static PoolChange deleteQueue(PoolState state, UUID queue) {
    if (state.queue(queue).isEmpty()) {
      return new PoolChange(state, new WorkPoolReply.NoSuchQueue());
    }
    return queue.equals(state.pool().defaultQueueId())
        ? new PoolChange(state, new WorkPoolReply.DefaultQueue())
        : new PoolChange(state.withoutQueue(queue), new Done());
  }

  private static PoolChange heartbeat(
      PoolState state, WorkPoolCommand.Heartbeat heartbeat, Instant now) {
    var known = state.workers().get(heartbeat.worker());
    var heard =
        known != null
            ? known.heard(heartbeat.intervalSeconds(), now)
            : new Worker(
                derived(state.pool().id(), "worker " + heartbeat.worker() + " " + now),
                0,
                now,
                now,
                state.pool().id(),
                heartbeat.worker(),
                now,
                heartbeat.intervalSeconds());
    return new PoolChange(state.with(heard), new WorkPoolReply.Heard(state.pool().version()));
  }

  private static PoolChange polled(PoolState state, List<UUID> queues, Instant now) {
    var after = state;
    for (var id : queues) {
      var queue = after.queue(id);
      if (queue.isPresent()) {
        after = after.with(queue.get().with(now, q -> q.lastPolled = now), now);
      }
    }
    return new PoolChange(after, new Done());
  }
}
