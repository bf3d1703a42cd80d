package io.sluice.event;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.table;

import io.sluice.store.Docs;
import io.sluice.store.RowChange;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SortField;
import org.jooq.Table;

/** Events as rows. What the columns cannot tell is looked for in the events themselves. */
final class EventRows {
  private static final Table<Record> TABLE = table(name("event"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> OCCURRED = field(name("occurred"), Instant.class);
  private static final Field<Instant> RECEIVED = field(name("received"), Instant.class);
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<String> RESOURCE = field(name("resource_id"), String.class);
  private static final Field<String> INVOLVED = field(name("involved"), String.class);
  private static final Field<String> DOC = field(name("doc"), String.class);

  private static final String INSERT =
      "INSERT INTO event (id, occurred, received, name, resource_id, involved, doc)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";

  /** Rows that are read or deleted at once. */
  private static final int CHUNK = 1000;

  private static final int SEARCHED_MAX = 20;

  private EventRows() {}

  // ---- writing ----

  /** What adds an event; fails if it is there already. */
  static RowChange insert(Event event) {
    return RowChange.of(
        INSERT,
        event.id(),
        event.occurred(),
        event.received(),
        event.event(),
        event.resourceId(),
        involved(event),
        Docs.write(event));
  }

  private static String involved(Event event) {
    var involved = new StringBuilder("| ").append(event.resourceId()).append('|');
    for (var other : event.related()) {
      involved.append(other.get(Event.ROLE)).append(' ').append(other.get(Event.ID)).append('|');
    }
    return involved.toString();
  }

  /**
   * Deletes what was received before a time, and the oldest of more than {@code max}.
   *
   * @return how many were deleted
   */
  static int prune(DSLContext sql, Instant before, int max) {
    int deleted = 0;
    int chunk;
    do {
      chunk = deleteOldest(sql, RECEIVED.lt(before), CHUNK);
      deleted += chunk;
    } while (chunk == CHUNK);
    for (int excess = sql.fetchCount(TABLE) - max; excess > 0; excess -= chunk) {
      chunk = deleteOldest(sql, noCondition(), Math.min(excess, CHUNK));
      deleted += chunk;
      if (chunk == 0) {
        break;
      }
    }
    return deleted;
  }

  /** In two steps: H2 would evaluate a subselect anew for each row that it deletes. */
  private static int deleteOldest(DSLContext sql, Condition which, int max) {
    var oldest = sql.select(ID).from(TABLE).where(which).orderBy(RECEIVED, ID).limit(max).fetch(ID);
    return oldest.isEmpty() ? 0 : sql.deleteFrom(TABLE).where(ID.in(oldest)).execute();
  }

  // ---- reading ----

  static int count(DSLContext sql, EventQuery query) {
    return sql.fetchCount(TABLE, coarse(query));
  }

  static List<Event> page(DSLContext sql, EventQuery query, int limit, int offset) {
    return sql.select(DOC)
        .from(TABLE)
        .where(coarse(query))
        .orderBy(order(query))
        .limit(limit)
        .offset(offset)
        .fetch(EventRows::event);
  }

  /** Hands over all that fit, in order, reading some at a time. */
  static void scan(DSLContext sql, EventQuery query, Consumer<Event> found) {
    var seen = new HashSet<String>();
    var next = noCondition();
    List<Event> chunk;
    do {
      chunk =
          sql.select(DOC)
              .from(TABLE)
              .where(coarse(query))
              .and(next)
              .orderBy(order(query))
              .limit(CHUNK)
              .fetch(EventRows::event);
      for (var event : chunk) {
        if (query.matches(event) && (!query.distinct() || seen.add(event.resourceId()))) {
          found.accept(event);
        }
      }
      if (!chunk.isEmpty()) {
        var last = chunk.get(chunk.size() - 1);
        var key = row(OCCURRED, ID);
        next =
            query.oldestFirst()
                ? key.gt(last.occurred(), last.id())
                : key.lt(last.occurred(), last.id());
      }
    } while (chunk.size() == CHUNK);
  }

  private static List<SortField<?>> order(EventQuery query) {
    return query.oldestFirst()
        ? List.of(OCCURRED.asc(), ID.asc())
        : List.of(OCCURRED.desc(), ID.desc());
  }

  /** What the columns tell; all that fit fulfil it, and others only if the query is not plain. */
  private static Condition coarse(EventQuery query) {
    var filter = query.filter();
    var where = noCondition();
    if (filter.since() != null) {
      where = where.and(OCCURRED.ge(filter.since()));
    }
    if (filter.until() != null) {
      where = where.and(OCCURRED.le(filter.until()));
    }
    if (!filter.ids().isEmpty()) {
      where = where.and(ID.in(filter.ids()));
    }
    where = where.and(oneOf(NAME, filter.names(), filter.prefixes()));
    if (!filter.notNames().isEmpty()) {
      where = where.and(NAME.notIn(filter.notNames()));
    }
    for (var prefix : filter.notPrefixes()) {
      where = where.and(NAME.startsWith(prefix).not());
    }
    where = where.and(oneOf(RESOURCE, filter.resourceIds(), filter.resourceIdPrefixes()));
    for (var wanted : query.related()) {
      where = where.and(involves(wanted.ids()));
    }
    for (var wanted : query.anyResource()) {
      where = where.and(involves(wanted.ids()));
    }
    return where.and(involves(filter.anyResourceIds()));
  }

  private static Condition oneOf(
      Field<String> field, Collection<String> values, List<String> prefixes) {
    if (values.isEmpty() && prefixes.isEmpty()) {
      return noCondition();
    }
    return or(prefixes.stream().map(field::startsWith).toList()).or(field.in(values));
  }

  /** Of many ids a set is quicker, see {@link EventQuery#matches}: each of these is one search. */
  private static Condition involves(Collection<String> ids) {
    return ids.isEmpty() || ids.size() > SEARCHED_MAX
        ? noCondition()
        : or(ids.stream().map(id -> INVOLVED.contains(" " + id + "|")).toList());
  }

  private static Event event(Record row) {
    return Docs.read(row.get(DOC), Event.class);
  }
}
