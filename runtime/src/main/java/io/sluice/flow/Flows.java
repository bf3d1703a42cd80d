package io.sluice.flow;

import static io.sluice.rejection.Rejection.NotFound.What.FLOW;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.filter.Listed;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import io.sluice.store.TagRows;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** All flows, as rows. */
public final class Flows {
  public static final Table<Record> TABLE = table(name("flow"));
  public static final Field<UUID> ID = field(name("flow", "id"), UUID.class);
  public static final Field<String> NAME = field(name("flow", "name"), String.class);
  public static final Field<Instant> CREATED = field(name("flow", "created"), Instant.class);
  public static final Field<Instant> UPDATED = field(name("flow", "updated"), Instant.class);
  public static final Field<String> DOC = field(name("flow", "doc"), String.class);

  /** How listings read it. */
  public static final Listed<Flow> LISTED = new Listed<>(List.of(DOC), Flows::flow);

  private static final int REMEMBERED_MAX = 10_000;

  /** A flow, and whether this request created it. */
  public record Created(Flow flow, boolean isNew) {}

  private final Store store;
  private final InstantSource clock;
  private final BiConsumer<Flow, Flow> changed;
  private final Map<UUID, String> names = new ConcurrentHashMap<>();

  /**
   * @param changed told of each change once it is written: what was before, null if it is new, and
   *     what is after, null if it is gone; may not block
   */
  public Flows(Store store, InstantSource clock, BiConsumer<Flow, Flow> changed) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
  }

  /** The flow of that name, made if it is missing. */
  public CompletableFuture<Created> ensure(String name, List<String> tags, JsonNode labels) {
    return find(name)
        .thenCompose(
            known ->
                known
                    .map(flow -> CompletableFuture.completedFuture(new Created(flow, false)))
                    .orElseGet(() -> create(name, tags, labels)));
  }

  private CompletableFuture<Created> create(String name, List<String> tags, JsonNode labels) {
    var now = clock.instant();
    var flow = new Flow(UUID.randomUUID(), now, now, name, tags, labels);
    return store
        .write(
            sql -> {
              insert(sql, flow);
              return new Created(flow, true);
            })
        .thenApply(
            made -> {
              changed.accept(null, made.flow());
              return made;
            })
        .exceptionallyCompose(
            failure ->
                Store.isDuplicate(failure)
                    ? find(name).thenApply(other -> new Created(other.orElseThrow(), false))
                    : CompletableFuture.failedFuture(failure));
  }

  private static void insert(DSLContext sql, Flow flow) {
    sql.insertInto(TABLE)
        .columns(
            field(name("id"), UUID.class),
            field(name("created"), Instant.class),
            field(name("updated"), Instant.class),
            field(name("name"), String.class),
            field(name("doc"), String.class))
        .values(flow.id(), flow.created(), flow.updated(), flow.name(), Docs.write(flow))
        .execute();
    TagRows.insert(sql, flow.id(), flow.tags());
  }

  public CompletableFuture<Optional<Flow>> find(String name) {
    return store.read(
        sql -> sql.select(DOC).from(TABLE).where(NAME.eq(name)).fetchOptional(Flows::flow));
  }

  public CompletableFuture<Optional<Flow>> find(UUID id) {
    return store.read(
        sql -> sql.select(DOC).from(TABLE).where(ID.eq(id)).fetchOptional(Flows::flow));
  }

  /** Refused if there is no such flow. */
  public CompletableFuture<Flow> get(UUID id) {
    return find(id).thenApply(flow -> flow.orElseThrow(() -> notFound(id.toString())));
  }

  /** Refused if there is no such flow. */
  public CompletableFuture<Flow> get(String name) {
    return find(name).thenApply(flow -> flow.orElseThrow(() -> notFound(name)));
  }

  private static Refused notFound(String name) {
    return new Refused(new Rejection.NotFound(FLOW, name));
  }

  /** The name of a flow, from memory where possible: names do not change. */
  public CompletableFuture<Optional<String>> nameOf(UUID id) {
    var known = names.get(id);
    if (known != null) {
      return CompletableFuture.completedFuture(Optional.of(known));
    }
    return find(id)
        .thenApply(
            flow -> {
              if (names.size() >= REMEMBERED_MAX) {
                names.clear();
              }
              flow.ifPresent(found -> names.put(id, found.name()));
              return flow.map(Flow::name);
            });
  }

  /**
   * Replaces the tags; refused if there is no such flow.
   *
   * @param tags given those it has
   */
  public CompletableFuture<Void> retag(UUID id, UnaryOperator<List<String>> tags) {
    return store
        .<Flow[]>write(
            sql -> {
              var before = hold(sql, id);
              var after =
                  new Flow(
                      id,
                      before.created(),
                      clock.instant(),
                      before.name(),
                      tags.apply(before.tags()),
                      before.labels());
              sql.update(TABLE)
                  .set(field(name("doc"), String.class), Docs.write(after))
                  .set(field(name("updated"), Instant.class), after.updated())
                  .where(field(name("id"), UUID.class).eq(id))
                  .execute();
              TagRows.replace(sql, id, after.tags());
              return new Flow[] {before, after};
            })
        .thenAccept(both -> changed.accept(both[0], both[1]));
  }

  /** Nobody else changes it before the end of the transaction; refused if there is none. */
  private static Flow hold(DSLContext sql, UUID id) {
    return sql.select(DOC)
        .from(TABLE)
        .where(ID.eq(id))
        .forUpdate()
        .fetchOptional(Flows::flow)
        .orElseThrow(() -> notFound(id.toString()));
  }

  /** Deletes the flow's own row; refused if there is none. */
  public CompletableFuture<Void> delete(UUID id) {
    names.remove(id);
    return store
        .write(
            sql -> {
              var gone = hold(sql, id);
              // Its own row first, as where tags are replaced: two wait in one order.
              sql.deleteFrom(TABLE).where(field(name("id"), UUID.class).eq(id)).execute();
              TagRows.replace(sql, id, List.of());
              return gone;
            })
        .thenAccept(gone -> changed.accept(gone, null));
  }

  /** The flow of a row that has {@link #DOC}. */
  public static Flow flow(Record row) {
    return Docs.read(row.get(DOC), Flow.class);
  }
}
