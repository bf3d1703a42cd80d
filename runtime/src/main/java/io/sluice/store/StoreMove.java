package io.sluice.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.quotedName;
import static org.jooq.impl.DSL.table;

import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Copies all that an embedded store holds into an empty PostgreSQL database: rows, journal and
 * snapshots. The source is only read, once it has taken in what a killed node left in its log. All
 * is copied in one transaction, so that a move that fails leaves the target as empty as it was.
 */
public final class StoreMove {
  /** Rows in memory at once; the largest are some 100 KB. */
  private static final int BATCH = 500;

  private static final String HISTORY = "flyway_schema_history";

  /** Of the log of an embedded store, which is empty here. */
  private static final String MARKS = "redo_mark";

  private static final Table<Record> JOURNAL = table(quotedName("event_journal"));
  private static final Field<Long> ORDERING = field(quotedName("ordering"), Long.class);

  /**
   * What was moved.
   *
   * @param tables that had rows
   * @param replaced characters that PostgreSQL takes in no text (NUL) and that were replaced
   */
  public record Moved(int tables, long rows, long replaced) {}

  private final ObjLongConsumer<String> progress;
  private long replaced;

  private StoreMove(ObjLongConsumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Copies. Whoever calls sees to it that no node uses the source meanwhile; other programs cannot
   * write to the target.
   *
   * @param fromUrl JDBC URL of the embedded database, without parameters
   * @param progress told each table with the number of its rows when it was copied
   * @throws StoreUnavailable if one of the two cannot be read or written; by {@link UnfitSchema} if
   *     the target is not empty, or the source was written by another version
   */
  public static Moved move(String fromUrl, StoreSettings to, ObjLongConsumer<String> progress) {
    finish(fromUrl);
    try (var target = Store.open(to);
        // Lazily: whole tables do not fit into memory.
        var connection =
            DriverManager.getConnection(
                fromUrl + ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE;LAZY_QUERY_EXECUTION=1")) {
      var source = DSL.using(connection, SQLDialect.H2);
      return new StoreMove(progress).move(source, target);
    } catch (SQLException unreadable) {
      throw new StoreUnavailable("The store %s cannot be read".formatted(fromUrl), unreadable);
    }
  }

  /** What a node that was killed had acknowledged is partly in its log. */
  private static void finish(String fromUrl) {
    var database = StoreSettings.databaseFile(fromUrl).orElseThrow();
    if (RedoLog.isLeft(database)) {
      try (var connection = DriverManager.getConnection(fromUrl + ";IFEXISTS=TRUE")) {
        RedoLog.recover(database, connection);
      } catch (SQLException | IOException unreadable) {
        throw new StoreUnavailable("The store %s cannot be read".formatted(fromUrl), unreadable);
      }
    }
  }

  private Moved move(DSLContext source, Store target) {
    refuseOlder(source, target.sql());
    return target
        .sql()
        .transactionResult(
            tx -> {
              var into = tx.dsl();
              var tables = tables(source);
              for (var name : tables) {
                into.execute("LOCK TABLE %s IN EXCLUSIVE MODE".formatted(render(into, name)));
                refuseFilled(into, name);
              }
              int filled = 0;
              long rows = 0;
              for (var name : tables) {
                long copied = copy(source, into, name);
                filled += copied > 0 ? 1 : 0;
                rows += copied;
              }
              goOnCounting(into);
              return new Moved(filled, rows, replaced);
            });
  }

  private static void refuseOlder(DSLContext source, DSLContext target) {
    var found = version(source, HISTORY);
    var known = version(target, HISTORY);
    if (!found.equals(known)) {
      throw new StoreUnavailable(
          "The store cannot be moved", UnfitSchema.older(found.orElse("0"), known.orElse("0")));
    }
  }

  private static Optional<String> version(DSLContext sql, String history) {
    var rank = field(quotedName("installed_rank"), Integer.class);
    var version = field(quotedName("version"), String.class);
    return sql.select(version)
        .from(table(quotedName(history)))
        .where(field(quotedName("success"), Boolean.class))
        .orderBy(rank.desc())
        .limit(1)
        .fetchOptional(version);
  }

  /** As the source names them. */
  private static List<String> tables(DSLContext source) {
    return source
        .fetch(
            "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = 'PUBLIC' AND table_type = 'BASE TABLE'"
                + " ORDER BY table_name")
        .getValues(0, String.class)
        .stream()
        .filter(name -> !name.equalsIgnoreCase(HISTORY) && !name.equalsIgnoreCase(MARKS))
        .toList();
  }

  /** H2 writes names that are not quoted in capitals, PostgreSQL in small letters. */
  private static Table<Record> inTarget(String name) {
    return table(quotedName(name.toLowerCase(Locale.ROOT)));
  }

  private static String render(DSLContext sql, String name) {
    return sql.render(inTarget(name));
  }

  private static void refuseFilled(DSLContext target, String name) {
    long rows = target.fetchCount(inTarget(name));
    if (rows > 0) {
      throw new StoreUnavailable(
          "The store cannot be moved", UnfitSchema.notEmpty(name.toLowerCase(Locale.ROOT), rows));
    }
  }

  private long copy(DSLContext source, DSLContext target, String name) {
    long copied = 0;
    try (var cursor = rows(source, name).fetchSize(BATCH).fetchLazy()) {
      while (cursor.hasNext()) {
        var some = cursor.fetchNext(BATCH);
        insert(target, name, some);
        copied += some.size();
      }
    }
    long there = target.fetchCount(inTarget(name));
    long before = source.fetchCount(table(quotedName(name)));
    if (there != before || copied != before) {
      throw new StoreUnavailable(
          "Of %d rows of %s %d were copied and %d arrived".formatted(before, name, copied, there),
          null);
    }
    if (copied > 0) {
      progress.accept(name.toLowerCase(Locale.ROOT), copied);
    }
    return copied;
  }

  /** Those of the journal in the order in which they were written: PostgreSQL takes no other. */
  private static ResultQuery<Record> rows(DSLContext source, String name) {
    var all = source.selectFrom(table(quotedName(name)));
    return table(quotedName(name)).equals(JOURNAL) ? all.orderBy(ORDERING) : all;
  }

  private void insert(DSLContext target, String name, List<Record> rows) {
    var columns = new ArrayList<Field<?>>();
    for (var column : rows.get(0).fields()) {
      columns.add(
          field(quotedName(column.getName().toLowerCase(Locale.ROOT)), column.getDataType()));
    }
    var nothing = Collections.nCopies(columns.size(), null);
    var batch = target.batch(target.insertInto(inTarget(name)).columns(columns).values(nothing));
    for (var row : rows) {
      batch = batch.bind(fit(row.intoArray()));
    }
    batch.execute();
  }

  private Object[] fit(Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof String text && text.indexOf('\0') >= 0) {
        replaced += text.chars().filter(c -> c == 0).count();
        values[i] = text.replace('\0', '\uFFFD');
      }
    }
    return values;
  }

  /** New rows of the journal are numbered after those that were copied. */
  private static void goOnCounting(DSLContext target) {
    var last = target.select(max(ORDERING)).from(JOURNAL).fetchSingle().value1();
    if (last != null) {
      target.execute(
          "ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d"
              .formatted(target.render(JOURNAL), target.render(ORDERING), last + 1));
    }
  }
}
