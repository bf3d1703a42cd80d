package io.sluice.limit;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;

import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Which limits there are: names, which are unique, and ids. Names that exist are remembered; names
 * that do not are looked up each time, so that a limit counts from the moment it was created. An
 * entry that turns out stale is dropped with {@link #forget}.
 */
final class LimitDirectory {
  private static final Table<Record> TABLE = table(name("concurrency_limit"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);

  // As the journal plug-in writes them: in quotes, which Sluice's own names are not.
  private static final Table<Record> JOURNAL = table("\"event_journal\"");
  private static final Field<String> PERSISTENCE_ID = field("\"persistence_id\"", String.class);
  private static final Field<Long> SEQUENCE = field("\"sequence_number\"", Long.class);

  /** Beyond this many names the memory starts anew; each entry is some 200 bytes. */
  private static final int REMEMBERED_MAX = 100_000;

  private final Store store;
  private final Map<String, UUID> remembered = new ConcurrentHashMap<>();

  LimitDirectory(Store store) {
    this.store = store;
  }

  /** The ids of those of {@code names} that exist. */
  CompletableFuture<Map<String, UUID>> find(Collection<String> names) {
    var known = new HashMap<String, UUID>();
    var unknown = new ArrayList<String>();
    for (var name : names) {
      var id = remembered.get(name);
      if (id == null) {
        unknown.add(name);
      } else {
        known.put(name, id);
      }
    }
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(known);
    }
    return store
        .read(sql -> sql.select(NAME, ID).from(TABLE).where(NAME.in(unknown)).fetchMap(NAME, ID))
        .thenApply(
            found -> {
              found.forEach(this::remember);
              known.putAll(found);
              return known;
            });
  }

  CompletableFuture<Optional<UUID>> find(String name) {
    return find(List.of(name)).thenApply(ids -> Optional.ofNullable(ids.get(name)));
  }

  private void remember(String name, UUID id) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.put(name, id);
  }

  void forget(Collection<String> names) {
    names.forEach(remembered::remove);
  }

  /** Fails with {@link Rejection.LimitNameTaken} if the name exists. */
  CompletableFuture<Void> add(UUID id, String name, Instant created) {
    return change(
        name, sql -> sql.insertInto(TABLE, ID, NAME, CREATED).values(id, name, created).execute());
  }

  CompletableFuture<Void> rename(UUID id, String from, String to) {
    remembered.remove(from);
    return change(to, sql -> sql.update(TABLE).set(NAME, to).where(ID.eq(id)).execute());
  }

  private CompletableFuture<Void> change(
      String name, Function<org.jooq.DSLContext, Integer> change) {
    return store
        .write(change::apply)
        .handle(
            (rows, failure) -> {
              if (failure == null) {
                return null;
              }
              throw Store.isDuplicate(failure)
                  ? new Refused(new Rejection.LimitNameTaken(name))
                  : new CompletionException(failure);
            });
  }

  CompletableFuture<Void> remove(UUID id, String name) {
    remembered.remove(name);
    return store
        .write(sql -> sql.deleteFrom(TABLE).where(ID.eq(id)).execute())
        .thenAccept(rows -> remembered.remove(name));
  }

  /**
   * How much is written of the limit {@code id} by whichever owner: the sequence number of its last
   * journal row, 0 if there is none.
   */
  CompletableFuture<Long> written(UUID id) {
    var owner = LimitActor.persistenceId(OwnerKey.of(id)).id();
    return store.read(
        sql ->
            sql.select(coalesce(max(SEQUENCE), 0L))
                .from(JOURNAL)
                .where(PERSISTENCE_ID.eq(owner))
                .fetchSingle()
                .value1());
  }

  /**
   * The next {@code count} ids in the store's own order of ids, for going through all of them.
   *
   * @param last null to begin
   */
  CompletableFuture<List<UUID>> after(UUID last, int count) {
    return store.read(
        sql ->
            sql.select(ID)
                .from(TABLE)
                .where(last == null ? noCondition() : ID.gt(last))
                .orderBy(ID)
                .limit(count)
                .fetch(ID));
  }

  /** Ids in the order of names; {@code prefix} empty for all. */
  CompletableFuture<List<UUID>> list(String prefix, int limit, int offset) {
    return store.read(
        sql ->
            sql.select(ID)
                .from(TABLE)
                .where(NAME.startsWith(prefix))
                .orderBy(NAME)
                .limit(limit)
                .offset(offset)
                .fetch(ID));
  }
}
