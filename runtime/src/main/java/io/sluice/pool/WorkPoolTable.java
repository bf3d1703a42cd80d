package io.sluice.pool;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.store.Docs;
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

/** Work pools as rows. */
public final class WorkPoolTable {
  public static final Table<Record> POOL = table(name("work_pool"));
  public static final Field<UUID> ID = column("id", UUID.class);
  public static final Field<String> NAME = column("name", String.class);
  public static final Field<String> TYPE = column("type", String.class);
  public static final Field<String> DOC = column("doc", String.class);

  private static final Table<Record> READINESS = table(name("work_pool_readiness"));

  private final RowTable rows;
  private final RowTable readiness;

  public WorkPoolTable(Store store) {
    this.rows =
        new RowTable(
            store.sql(),
            POOL,
            List.of(
                field(name("created"), Instant.class),
                field(name("updated"), Instant.class),
                field(name("name"), String.class),
                field(name("type"), String.class),
                field(name("concurrency_limit"), Integer.class),
                field(name("doc"), String.class)));
    this.readiness =
        new RowTable(
            store.sql(),
            READINESS,
            List.of(field(name("wakes_at"), Instant.class), field(name("doc"), String.class)));
  }

  private static <T> Field<T> column(String column, Class<T> type) {
    return field(name("work_pool", column), type);
  }

  RowChange insert(WorkPool pool) {
    return rows.insert(pool.id(), pool.version(), values(pool));
  }

  RowChange update(WorkPool pool) {
    return rows.update(pool.id(), pool.version(), values(pool));
  }

  RowChange delete(WorkPool pool) {
    return rows.delete(pool.id(), pool.version());
  }

  // ---- what was said of it ----

  RowChange insert(UUID pool, Readiness said) {
    return readiness.insert(pool, said.version(), values(said));
  }

  RowChange update(UUID pool, Readiness said) {
    return readiness.update(pool, said.version(), values(said));
  }

  RowChange delete(UUID pool, Readiness said) {
    return readiness.delete(pool, said.version());
  }

  private static List<Object> values(Readiness said) {
    return Arrays.asList(said.looksAt(), Docs.write(said));
  }

  /** Null if nothing was said of the pool. */
  static Readiness readiness(DSLContext sql, UUID pool) {
    var doc = field(name("doc"), String.class);
    return sql.select(doc)
        .from(READINESS)
        .where(field(name("id"), UUID.class).eq(pool))
        .fetchOne(row -> Docs.read(row.get(doc), Readiness.class));
  }

  private static List<Object> values(WorkPool pool) {
    return Arrays.asList(
        pool.created(),
        pool.updated(),
        pool.name(),
        pool.type(),
        pool.concurrencyLimit(),
        Docs.write(pool));
  }

  static WorkPool pool(Record row) {
    return Docs.read(row.get(DOC), WorkPool.class);
  }
}
