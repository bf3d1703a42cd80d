package io.sluice.run;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.rejection.Rejection.NotFound.What;
import io.sluice.store.Store;
import io.sluice.store.TimeOrderedId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** What is given to flow runs while they run or are paused, as rows. They go with the run. */
public final class FlowRunInputs {
  private static final Table<Record> TABLE = table(name("flow_run_input"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<UUID> RUN = field(name("flow_run_id"), UUID.class);
  private static final Field<String> KEY = field(name("input_key"), String.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<String> CONTENT = field(name("content"), String.class);
  private static final Field<String> SENDER = field(name("sender"), String.class);

  /**
   * Something given to a run.
   *
   * @param value any text, most often JSON
   * @param sender null if it does not say
   */
  public record Input(
      UUID id, Instant created, UUID flowRunId, String key, String value, String sender) {}

  private final Store store;
  private final InstantSource clock;

  public FlowRunInputs(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Refused if the run has an input with that key. */
  public CompletableFuture<Void> add(UUID run, String key, String value, String sender) {
    var now = clock.instant();
    return store
        .<Void>write(
            sql -> {
              sql.insertInto(TABLE, RUN, KEY, ID, CREATED, CONTENT, SENDER)
                  .values(run, key, TimeOrderedId.at(now), now, value, sender)
                  .execute();
              return null;
            })
        .exceptionally(
            failure -> {
              throw Store.isDuplicate(failure)
                  ? new Refused(new Rejection.NameTaken(What.INPUT, key))
                  : new CompletionException(failure);
            });
  }

  public CompletableFuture<Optional<Input>> find(UUID run, String key) {
    return store.read(
        sql ->
            sql.select(ID, CREATED, RUN, KEY, CONTENT, SENDER)
                .from(TABLE)
                .where(RUN.eq(run))
                .and(KEY.eq(key))
                .fetchOptional(FlowRunInputs::input));
  }

  /** Inputs whose keys begin with {@code prefix}, oldest first, without {@code except}. */
  public CompletableFuture<List<Input>> list(
      UUID run, String prefix, Collection<String> except, int limit) {
    return store.read(
        sql ->
            sql.select(ID, CREATED, RUN, KEY, CONTENT, SENDER)
                .from(TABLE)
                .where(RUN.eq(run))
                .and(KEY.startsWith(prefix))
                .and(KEY.notIn(except))
                .orderBy(CREATED, ID)
                .limit(limit)
                .fetch(FlowRunInputs::input));
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> delete(UUID run, String key) {
    return store
        .write(sql -> sql.deleteFrom(TABLE).where(RUN.eq(run)).and(KEY.eq(key)).execute())
        .thenAccept(
            rows -> {
              if (rows == 0) {
                throw new Refused(new Rejection.NotFound(What.INPUT, key));
              }
            });
  }

  private static Input input(Record row) {
    return new Input(
        row.get(ID),
        row.get(CREATED),
        row.get(RUN),
        row.get(KEY),
        row.get(CONTENT),
        row.get(SENDER));
  }
}
