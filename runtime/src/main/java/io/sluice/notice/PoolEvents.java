package io.sluice.notice;

import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.pool.PoolState;
import io.sluice.pool.PoolWatch;
import io.sluice.pool.Readiness;
import io.sluice.pool.WorkPool;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.pool.WorkPoolCommand.ChangeQueue;
import io.sluice.queue.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Says what happens to work pools and their queues (Prefect 3.8.8, models/workers.py,
 * models/work_queues.py): that one was created, changed or deleted, and when its status changes.
 * Prefect looks for silent workers and queues every 15 s; here it is said when it is so.
 */
public final class PoolEvents implements PoolWatch {
  /** A status follows the one before only if that is not older. */
  private static final Duration RECENT = Duration.ofMinutes(10);

  private final Tell pools;
  private final Tell queues;

  public PoolEvents(Events events) {
    this.pools = new Tell(events, "work-pool");
    this.queues = new Tell(events, "work-queue");
  }

  @Override
  public void changed(WorkPoolCommand by, PoolState before, PoolState after) {
    var known = after == null ? before : after;
    queues(by, before, after);
    if (before == null || after == null) {
      pools.that(Tell.happened(before, after), Other.of(known.pool()), related(known), null);
    } else if (by instanceof WorkPoolCommand.Change) {
      changed(before.pool(), after.pool());
    }
    if (after != null) {
      statuses(before, after);
    }
  }

  /** Its default queue, and where its runs' results go. */
  private static List<Map<String, String>> related(PoolState state) {
    var related = new ArrayList<Map<String, String>>();
    var queue = state.pool().defaultQueueId();
    related.add(Other.related("prefect.work-queue." + queue, "default-queue"));
    var storage = state.pool().storageConfiguration();
    var block = storage == null ? null : storage.path("default_result_storage_block_id");
    if (block != null && block.isTextual()) {
      related.add(Other.related("prefect.block-document." + block.textValue(), "result-storage"));
    }
    return related;
  }

  private void changed(WorkPool before, WorkPool after) {
    var updates =
        new Tell.Updates()
            .field("description", before.description(), after.description())
            .field("base_job_template", before.baseJobTemplate(), after.baseJobTemplate())
            .field("concurrency_limit", before.concurrencyLimit(), after.concurrencyLimit())
            .field(
                "storage_configuration",
                before.storageConfiguration(),
                after.storageConfiguration());
    if (!updates.isEmpty()) {
      pools.that(Tell.UPDATED, Other.of(after), List.of(), updates.payload());
    }
  }

  // ---- queues ----

  private void queues(WorkPoolCommand by, PoolState before, PoolState after) {
    if (before != null) {
      for (var queue : before.queues()) {
        if (after == null || after.queue(queue.id()).isEmpty()) {
          tell(before.pool(), queue, Tell.DELETED, null);
        }
      }
    }
    if (after != null) {
      for (var queue : after.queues()) {
        if (before == null || before.queue(queue.id()).isEmpty()) {
          tell(after.pool(), queue, Tell.CREATED, null);
        }
      }
    }
    if (by instanceof ChangeQueue change && before != null && after != null) {
      changed(change, before, after);
    }
  }

  /** Queues that only made room for its priority are not told of. */
  private void changed(ChangeQueue change, PoolState before, PoolState after) {
    var was = before.queue(change.queue()).orElse(null);
    var is = after.queue(change.queue()).orElse(null);
    if (was == null || is == null) {
      return;
    }
    var updates =
        new Tell.Updates()
            .field("name", was.name(), is.name())
            .field("description", was.description(), is.description())
            .field("concurrency_limit", was.concurrencyLimit(), is.concurrencyLimit())
            .field("priority", was.priority(), is.priority());
    if (!updates.isEmpty()) {
      tell(after.pool(), is, Tell.UPDATED, updates);
    }
  }

  private void tell(WorkPool pool, WorkQueue queue, String happened, Tell.Updates updates) {
    var resource = queues.resource(queue.id(), queue.name());
    resource.put(Event.ROLE, "work-queue");
    var payload = updates == null ? null : updates.payload();
    queues.that(happened, resource, List.of(Other.of(pool)), payload);
  }

  // ---- statuses ----

  private void statuses(PoolState before, PoolState after) {
    var is = after.readiness();
    var was = before == null ? null : before.readiness();
    // Of a pool from before this was noted nobody knows what was said last.
    boolean known = before == null || was != null;
    if (known && is.pool() != null && (was == null || was.pool() != is.pool())) {
      var resource = Other.of(after.pool());
      resource.remove(Event.ROLE);
      pools.that(Tell.kebab(is.pool()), resource, List.of(), null, is.event(), recent(was, is));
    }
    if (was != null) {
      for (var queue : after.queues()) {
        var status = is.queue(queue.id()).orElseThrow().status();
        var said = was.queue(queue.id());
        if (said.isPresent() && said.get().status() != status) {
          tell(after.pool(), queue, Tell.kebab(status), null);
        }
      }
    }
  }

  private static UUID recent(Readiness was, Readiness is) {
    return was != null && was.since().plus(RECENT).isAfter(is.since()) ? was.event() : null;
  }
}
