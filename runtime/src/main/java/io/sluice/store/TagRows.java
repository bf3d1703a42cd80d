package io.sluice.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** The tags of any listed object, in rows so that they can be filtered by. */
public final class TagRows {
  public static final Table<Record> TAG = table(name("tag"));
  public static final Field<UUID> ENTITY = field(name("tag", "entity_id"), UUID.class);
  public static final Field<String> NAME = field(name("tag", "tag"), String.class);

  private static final String INSERT = "INSERT INTO tag (entity_id, tag) VALUES (?, ?)";
  private static final String DELETE = "DELETE FROM tag WHERE entity_id = ?";

  private TagRows() {}

  // ---- for the row writer ----

  public static List<RowChange> insert(UUID entity, List<String> tags) {
    return tags.stream().distinct().map(tag -> RowChange.of(INSERT, entity, tag)).toList();
  }

  public static RowChange delete(UUID entity) {
    return RowChange.of(DELETE, entity);
  }

  /** What turns {@code before} into {@code after}; nothing if they are equal. */
  public static List<RowChange> change(UUID entity, List<String> before, List<String> after) {
    if (before.equals(after)) {
      return List.of();
    }
    var changes = new java.util.ArrayList<RowChange>();
    changes.add(delete(entity));
    changes.addAll(insert(entity, after));
    return changes;
  }

  // ---- within a transaction ----

  public static void insert(DSLContext sql, UUID entity, List<String> tags) {
    tags.stream().distinct().forEach(tag -> sql.execute(INSERT, entity, tag));
  }

  public static void replace(DSLContext sql, UUID entity, List<String> tags) {
    sql.execute(DELETE, entity);
    insert(sql, entity, tags);
  }
}
