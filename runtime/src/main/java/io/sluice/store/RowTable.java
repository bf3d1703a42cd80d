package io.sluice.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.param;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Writes to one table whose first columns are {@code id} and {@code version}: SQL is rendered once.
 */
public final class RowTable {
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Long> VERSION = field(name("version"), Long.class);

  private final String insert;
  private final String update;
  private final String delete;

  /**
   * @param columns besides id and version, in the order in which values are given; each with its
   *     type
   */
  public RowTable(DSLContext sql, Table<Record> table, List<Field<?>> columns) {
    this.insert = insertSql(sql, table, columns);
    this.update = updateSql(sql, table, columns);
    this.delete =
        sql.deleteFrom(table)
            .where(ID.eq(param("id", UUID.class)))
            .and(VERSION.eq(param("version", Long.class)))
            .getSQL();
  }

  private static String insertSql(DSLContext sql, Table<Record> table, List<Field<?>> columns) {
    List<Field<?>> all = new ArrayList<>(List.of(ID, VERSION));
    all.addAll(columns);
    List<Field<?>> values = new ArrayList<>();
    all.forEach(column -> values.add(value(column)));
    return sql.insertInto(table).columns(all).values(values).getSQL();
  }

  private static String updateSql(DSLContext sql, Table<Record> table, List<Field<?>> columns) {
    var change = sql.update(table).set(VERSION, param("version", Long.class));
    for (var column : columns) {
      change = set(change, column);
    }
    return change
        .where(ID.eq(param("id", UUID.class)))
        .and(VERSION.eq(param("before", Long.class)))
        .getSQL();
  }

  private static <T> org.jooq.UpdateSetMoreStep<Record> set(
      org.jooq.UpdateSetMoreStep<Record> change, Field<T> column) {
    return change.set(column, value(column));
  }

  private static <T> Field<T> value(Field<T> column) {
    return DSL.param(column.getName(), column.getType());
  }

  public RowChange insert(UUID id, long version, List<Object> values) {
    var binds = new ArrayList<Object>(List.of(id, version));
    binds.addAll(values);
    return RowChange.fenced(insert, binds.toArray());
  }

  /** Fails with {@link StaleRow} unless the row has the version before {@code version}. */
  public RowChange update(UUID id, long version, List<Object> values) {
    var binds = new ArrayList<Object>();
    binds.add(version);
    binds.addAll(values);
    binds.add(id);
    binds.add(version - 1);
    return RowChange.fenced(update, binds.toArray());
  }

  /** Fails with {@link StaleRow} unless the row has this version. */
  public RowChange delete(UUID id, long version) {
    return RowChange.fenced(delete, id, version);
  }
}
