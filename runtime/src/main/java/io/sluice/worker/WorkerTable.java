package io.sluice.worker;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.store.RowChange;
import io.sluice.store.RowTable;
import io.sluice.store.Store;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Workers as rows, written by the owner of their pool. */
public final class WorkerTable {
  private static final Table<Record> WORKER = table(name("worker"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Long> VERSION = field(name("version"), Long.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> UPDATED = field(name("updated"), Instant.class);
  private static final Field<UUID> POOL = field(name("work_pool_id"), UUID.class);
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<Instant> HEARD = field(name("last_heartbeat_time"), Instant.class);
  private static final Field<Integer> INTERVAL =
      field(name("heartbeat_interval_seconds"), Integer.class);

  private final RowTable rows;

  public WorkerTable(Store store) {
    this.rows =
        new RowTable(store.sql(), WORKER, List.of(CREATED, UPDATED, POOL, NAME, HEARD, INTERVAL));
  }

  public RowChange insert(Worker worker) {
    return rows.insert(worker.id(), worker.version(), values(worker));
  }

  public RowChange update(Worker worker) {
    return rows.update(worker.id(), worker.version(), values(worker));
  }

  public RowChange delete(Worker worker) {
    return rows.delete(worker.id(), worker.version());
  }

  private static List<Object> values(Worker worker) {
    return Arrays.asList(
        worker.created(),
        worker.updated(),
        worker.poolId(),
        worker.name(),
        worker.lastHeartbeat(),
        worker.heartbeatIntervalSeconds());
  }

  /** The workers of a pool. */
  public List<Worker> ofPool(DSLContext sql, UUID pool) {
    return sql.select(ID, VERSION, CREATED, UPDATED, POOL, NAME, HEARD, INTERVAL)
        .from(WORKER)
        .where(POOL.eq(pool))
        .fetch(
            row ->
                new Worker(
                    row.get(ID),
                    row.get(VERSION),
                    row.get(CREATED),
                    row.get(UPDATED),
                    row.get(POOL),
                    row.get(NAME),
                    row.get(HEARD),
                    row.get(INTERVAL)));
  }
}
