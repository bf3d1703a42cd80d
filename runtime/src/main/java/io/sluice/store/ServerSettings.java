package io.sluice.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;

/** Settings that are made while the server runs, as JSON by name. The same for all nodes. */
public final class ServerSettings {
  private static final Table<Record> TABLE = table(name("server_setting"));
  private static final Field<String> SETTING = field(name("setting"), String.class);
  private static final Field<String> DOC = field(name("doc"), String.class);

  private ServerSettings() {}

  public static Optional<String> get(DSLContext sql, String setting) {
    return sql.select(DOC).from(TABLE).where(SETTING.eq(setting)).fetchOptional(DOC);
  }

  /** Sets it, or changes what it was. For use within a transaction. */
  public static void put(DSLContext sql, String setting, String doc) {
    if (sql.update(TABLE).set(DOC, doc).where(SETTING.eq(setting)).execute() == 0) {
      sql.insertInto(TABLE, SETTING, DOC).values(setting, doc).execute();
    }
  }

  /** What it is; if it is not set, sets it. Of several who do so at once one wins. */
  public static String getOrPut(DSLContext sql, String setting, String doc) {
    var before = get(sql, setting);
    if (before.isPresent()) {
      return before.get();
    }
    try {
      sql.transaction(
          tx -> tx.dsl().insertInto(TABLE, SETTING, DOC).values(setting, doc).execute());
      return doc;
    } catch (DataAccessException lost) {
      if (Store.isDuplicate(lost)) {
        return get(sql, setting).orElseThrow(() -> lost);
      }
      throw lost;
    }
  }

  public static void remove(DSLContext sql, String setting) {
    sql.deleteFrom(TABLE).where(SETTING.eq(setting)).execute();
  }
}
