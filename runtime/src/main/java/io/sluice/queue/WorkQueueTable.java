package io.sluice.queue;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.filter.Listed;
import io.sluice.store.Docs;
import io.sluice.store.RowChange;
import io.sluice.store.RowTable;
import io.sluice.store.Store;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Work queues as rows, written by the owner of their pool. */
public final class WorkQueueTable {
  public static final Table<Record> QUEUE = table(name("work_queue"));
  public static final Field<UUID> ID = column("id", UUID.class);
  public static final Field<UUID> POOL_ID = column("work_pool_id", UUID.class);
  public static final Field<String> NAME = column("name", String.class);
  public static final Field<Integer> PRIORITY = column("priority", Integer.class);
  public static final Field<Integer> LIMIT = column("concurrency_limit", Integer.class);
  public static final Field<String> DOC = column("doc", String.class);

  /** A queue and its pool. */
  public record Ref(UUID queue, UUID pool) {}

  /** How listings read it. */
  public static final Listed<Ref> LISTED =
      new Listed<>(List.of(ID, POOL_ID), row -> new Ref(row.get(ID), row.get(POOL_ID)));

  /** The whole queue, as last written. */
  public static final Listed<WorkQueue> WHOLE = new Listed<>(List.of(DOC), WorkQueueTable::queue);

  private final RowTable rows;

  public WorkQueueTable(Store store) {
    this.rows =
        new RowTable(
            store.sql(),
            QUEUE,
            List.of(
                field(name("created"), Instant.class),
                field(name("updated"), Instant.class),
                field(name("work_pool_id"), UUID.class),
                field(name("name"), String.class),
                field(name("priority"), Integer.class),
                field(name("concurrency_limit"), Integer.class),
                field(name("last_polled"), Instant.class),
                field(name("doc"), String.class)));
  }

  private static <T> Field<T> column(String column, Class<T> type) {
    return field(name("work_queue", column), type);
  }

  public RowChange insert(WorkQueue queue) {
    return rows.insert(queue.id(), queue.version(), values(queue));
  }

  public RowChange update(WorkQueue queue) {
    return rows.update(queue.id(), queue.version(), values(queue));
  }

  public RowChange delete(WorkQueue queue) {
    return rows.delete(queue.id(), queue.version());
  }

  private static List<Object> values(WorkQueue queue) {
    return Arrays.asList(
        queue.created(),
        queue.updated(),
        queue.poolId(),
        queue.name(),
        queue.priority(),
        queue.concurrencyLimit(),
        queue.lastPolled(),
        Docs.write(queue));
  }

  /** The queue of a row that has {@link #DOC}. */
  public static WorkQueue queue(Record row) {
    return Docs.read(row.get(DOC), WorkQueue.class);
  }
}
