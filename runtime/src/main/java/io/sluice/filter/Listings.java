package io.sluice.filter;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;

import io.sluice.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.SortField;

/** Lists and counts objects by {@link Query}. What a write has confirmed is in the next listing. */
public final class Listings {
  private static final String PAGE = "page";
  private static final String FOUND = "found_id";

  private final Store store;

  public Listings(Store store) {
    this.store = store;
  }

  /**
   * One page. Looks for ids first, mostly in an index alone, and then reads the rows of the page.
   *
   * @param sort a name of {@link #sorts}; unknown names sort by id
   */
  public <T> CompletableFuture<List<T>> list(
      Query query, String sort, int limit, int offset, Listed<T> listed) {
    if (limit == 0) {
      return CompletableFuture.completedFuture(List.of());
    }
    var kind = query.kind();
    return store.read(
        sql ->
            sql.select(listed.columns())
                .from(page(query, sort, limit, offset).asTable(PAGE))
                .join(kind.table())
                .on(column(kind, "id", UUID.class).eq(field(name(PAGE, FOUND), UUID.class)))
                .orderBy(order(kind, sort))
                .fetch(listed.read()::apply));
  }

  /** The ids of those that fit, in the order of {@code sort}. */
  public CompletableFuture<List<UUID>> ids(Query query, String sort, int limit, int offset) {
    return store.read(sql -> sql.fetchValues(page(query, sort, limit, offset)));
  }

  static Select<Record1<UUID>> page(Query query, String sort, int limit, int offset) {
    var kind = query.kind();
    var order = new ArrayList<SortField<?>>();
    Optional.ofNullable(sorts(kind).get(sort))
        .flatMap(by -> Leads.of(query, by))
        .ifPresent(order::add);
    order.addAll(order(kind, sort));
    return select(column(kind, "id", UUID.class).as(FOUND))
        .from(kind.table())
        .where(query.condition())
        .orderBy(order)
        .limit(limit)
        .offset(offset);
  }

  public CompletableFuture<Integer> count(Query query) {
    return store.read(
        sql ->
            sql.selectCount()
                .from(query.kind().table())
                .where(query.condition())
                .fetchOne(0, int.class));
  }

  private static <T> Field<T> column(Kind kind, String column, Class<T> type) {
    return field(name(Relations.tableOf(kind), column), type);
  }

  /**
   * Last by id. No column twice: H2 fails on that as soon as it has to sort more rows than it keeps
   * in memory.
   */
  static List<SortField<?>> order(Kind kind, String sort) {
    var id = column(kind, "id", UUID.class);
    var by = sorts(kind).get(sort);
    if (by == null) {
      return List.of(id.desc());
    }
    var order = new LinkedHashMap<Field<?>, SortField<?>>();
    order.put(by.$field(), by);
    if (kind == Kind.BLOCK_DOCUMENT) {
      var name = column(kind, "name", String.class);
      order.putIfAbsent(name, name.asc());
    }
    order.putIfAbsent(id, id.asc());
    return List.copyOf(order.values());
  }

  /** The orders in which objects of a kind can be listed, by the names of Prefect 3.8.8. */
  public static Map<String, SortField<?>> sorts(Kind kind) {
    var created = column(kind, "created", Instant.class);
    var updated = column(kind, "updated", Instant.class);
    var own = column(kind, "name", String.class);
    return switch (kind) {
      case FLOW_RUN, TASK_RUN -> runSorts(kind);
      case LOG -> {
        var logged = column(kind, "logged", Instant.class);
        yield Map.of("TIMESTAMP_ASC", logged.asc(), "TIMESTAMP_DESC", logged.desc());
      }
      case ARTIFACT, LATEST_ARTIFACT -> {
        var key = column(kind, "artifact_key", String.class);
        yield Map.of(
            "CREATED_DESC", created.desc(),
            "UPDATED_DESC", updated.desc(),
            "ID_DESC", column(kind, "id", UUID.class).desc(),
            "KEY_DESC", key.desc(),
            "KEY_ASC", key.asc());
      }
      case BLOCK_SCHEMA -> Map.of("CREATED_DESC", created.desc());
      case BLOCK_DOCUMENT ->
          Map.of(
              "NAME_ASC", own.asc(),
              "NAME_DESC", own.desc(),
              "BLOCK_TYPE_AND_NAME_ASC", column(kind, "block_type_name", String.class).asc());
      default ->
          Map.of(
              "CREATED_DESC", created.desc(),
              "UPDATED_DESC", updated.desc(),
              "NAME_ASC", own.asc(),
              "NAME_DESC", own.desc());
    };
  }

  private static Map<String, SortField<?>> runSorts(Kind kind) {
    var id = column(kind, "id", UUID.class);
    var own = column(kind, "name", String.class);
    var expected = column(kind, "expected_start_time", Instant.class);
    var started = column(kind, "start_or_expected", Instant.class);
    var next = column(kind, "next_scheduled_start_time", Instant.class);
    var end = column(kind, "end_time", Instant.class);
    return Map.of(
        "ID_DESC", id.desc(),
        "START_TIME_ASC", started.asc(),
        "START_TIME_DESC", started.desc(),
        "EXPECTED_START_TIME_ASC", expected.asc(),
        "EXPECTED_START_TIME_DESC", expected.desc(),
        "NAME_ASC", own.asc(),
        "NAME_DESC", own.desc(),
        "NEXT_SCHEDULED_START_TIME_ASC", next.asc(),
        "END_TIME_DESC", end.desc());
  }
}
