package io.sluice.search;

import static io.sluice.rejection.Rejection.NotFound.What.SAVED_SEARCH;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** All saved searches, as rows. */
public final class SavedSearches {
  private static final Table<Record> TABLE = table(name("saved_search"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> UPDATED = field(name("updated"), Instant.class);
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<String> DOC = field(name("doc"), String.class);

  /**
   * A search under its name.
   *
   * @param filters a list as the client sent it; not looked into
   */
  public record SavedSearch(
      UUID id, Instant created, Instant updated, String name, JsonNode filters) {}

  /** What a name now stands for, and whether it did not exist before. */
  public record Put(SavedSearch search, boolean isNew) {}

  private final Store store;
  private final InstantSource clock;

  public SavedSearches(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Creates the search of that name, or replaces its filters. */
  public CompletableFuture<Put> put(String name, JsonNode filters) {
    return store
        .write(sql -> put(sql, name, filters))
        // Another request made it in the meantime: now it is there to be replaced.
        .exceptionallyCompose(
            failure ->
                Store.isDuplicate(failure)
                    ? store.write(sql -> put(sql, name, filters))
                    : CompletableFuture.failedFuture(failure));
  }

  private Put put(DSLContext sql, String name, JsonNode filters) {
    var now = clock.instant();
    var before =
        sql.select(DOC).from(TABLE).where(NAME.eq(name)).fetchOptional(SavedSearches::search);
    if (before.isEmpty()) {
      var made = new SavedSearch(UUID.randomUUID(), now, now, name, filters);
      sql.insertInto(TABLE, ID, CREATED, UPDATED, NAME, DOC)
          .values(made.id(), now, now, name, Docs.write(made))
          .execute();
      return new Put(made, true);
    }
    var was = before.get();
    var changed = new SavedSearch(was.id(), was.created(), now, name, filters);
    sql.update(TABLE)
        .set(UPDATED, now)
        .set(DOC, Docs.write(changed))
        .where(ID.eq(was.id()))
        .execute();
    return new Put(changed, false);
  }

  /** Refused if there is none. */
  public CompletableFuture<SavedSearch> get(UUID id) {
    return store.read(
        sql ->
            sql.select(DOC)
                .from(TABLE)
                .where(ID.eq(id))
                .fetchOptional(SavedSearches::search)
                .orElseThrow(() -> notFound(id)));
  }

  /** By name. */
  public CompletableFuture<List<SavedSearch>> list(int limit, int offset) {
    return store.read(
        sql ->
            sql.select(DOC)
                .from(TABLE)
                .orderBy(NAME)
                .limit(limit)
                .offset(offset)
                .fetch(SavedSearches::search));
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> delete(UUID id) {
    return store
        .write(sql -> sql.deleteFrom(TABLE).where(ID.eq(id)).execute())
        .thenAccept(
            rows -> {
              if (rows == 0) {
                throw notFound(id);
              }
            });
  }

  private static Refused notFound(UUID id) {
    return new Refused(new Rejection.NotFound(SAVED_SEARCH, id.toString()));
  }

  private static SavedSearch search(Record row) {
    return Docs.read(row.get(DOC), SavedSearch.class);
  }
}
