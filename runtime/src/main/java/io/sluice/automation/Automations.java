package io.sluice.automation;

import static io.sluice.rejection.Rejection.NotFound.What.AUTOMATION;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.filter.Listed;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import io.sluice.store.TagRows;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.Table;

/** All automations, as rows. */
public final class Automations {
  private static final Table<Record> TABLE = table(name("automation"));
  private static final Field<UUID> ID = column("id", UUID.class);
  private static final Field<Instant> CREATED = column("created", Instant.class);
  private static final Field<Instant> UPDATED = column("updated", Instant.class);
  private static final Field<String> NAME = column("name", String.class);
  private static final Field<String> DOC = column("doc", String.class);
  private static final Table<Record> RESOURCE = table(name("automation_resource"));
  private static final Field<UUID> OF = resource("automation_id", UUID.class);
  private static final Field<String> RESOURCE_ID = resource("resource_id", String.class);
  private static final Field<Boolean> IS_OWNER = resource("is_owner", Boolean.class);

  /** How listings read it. */
  public static final Listed<Automation> LISTED =
      new Listed<>(List.of(DOC), Automations::automation);

  private final Store store;
  private final InstantSource clock;
  private final BiConsumer<Automation, Automation> changed;

  /**
   * @param changed told of each change once it is written: what was before, null if it is new, and
   *     what is after, null if it is gone; may not block
   */
  public Automations(Store store, InstantSource clock, BiConsumer<Automation, Automation> changed) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
  }

  private static <T> Field<T> column(String column, Class<T> type) {
    return field(name("automation", column), type);
  }

  private static <T> Field<T> resource(String column, Class<T> type) {
    return field(name("automation_resource", column), type);
  }

  /**
   * Stores an automation.
   *
   * @param owner the resource with which it is deleted; null for none
   */
  public CompletableFuture<Automation> create(Automation.Content content, String owner) {
    var now = clock.instant();
    var made = new Automation(UUID.randomUUID(), now, now, content);
    return store
        .<Automation>write(
            sql -> {
              sql.insertInto(TABLE, ID, CREATED, UPDATED, NAME, DOC)
                  .values(made.id(), now, now, content.name(), Docs.write(made))
                  .execute();
              TagRows.insert(sql, made.id(), content.tags());
              if (owner != null) {
                relate(sql, made.id(), owner, true);
              }
              relateDeployments(sql, made);
              return made;
            })
        .thenApply(
            written -> {
              changed.accept(null, written);
              return written;
            });
  }

  private static void relateDeployments(DSLContext sql, Automation automation) {
    var owner =
        sql.select(RESOURCE_ID)
            .from(RESOURCE)
            .where(OF.eq(automation.id()).and(IS_OWNER.isTrue()))
            .fetchSet(RESOURCE_ID);
    automation.deployments().stream()
        .filter(deployment -> !owner.contains(deployment))
        .forEach(deployment -> relate(sql, automation.id(), deployment, false));
  }

  private static void relate(DSLContext sql, UUID id, String resource, boolean owner) {
    sql.insertInto(RESOURCE, OF, RESOURCE_ID, IS_OWNER).values(id, resource, owner).execute();
  }

  /** Refused if there is none. */
  public CompletableFuture<Automation> get(UUID id) {
    return store.read(sql -> require(sql, id));
  }

  private static Automation require(DSLContext sql, UUID id) {
    return found(sql.select(DOC).from(TABLE).where(ID.eq(id)), id);
  }

  /** As {@link #require}; nobody else changes it before the end of the transaction. */
  private static Automation hold(DSLContext sql, UUID id) {
    return found(sql.select(DOC).from(TABLE).where(ID.eq(id)).forUpdate(), id);
  }

  private static Automation found(ResultQuery<Record1<String>> query, UUID id) {
    return query.fetchOptional(Automations::automation).orElseThrow(() -> notFound(id));
  }

  private static Refused notFound(UUID id) {
    return new Refused(new Rejection.NotFound(AUTOMATION, id.toString()));
  }

  /** Changes what it says; its owner stays. Refused if there is none. */
  public CompletableFuture<Automation> change(UUID id, UnaryOperator<Automation.Content> change) {
    return store
        .<Automation[]>write(
            sql -> {
              var before = hold(sql, id);
              var after = before.with(change, clock.instant());
              sql.update(TABLE)
                  .set(UPDATED, after.updated())
                  .set(NAME, after.content().name())
                  .set(DOC, Docs.write(after))
                  .where(ID.eq(id))
                  .execute();
              TagRows.replace(sql, id, after.content().tags());
              sql.deleteFrom(RESOURCE).where(OF.eq(id).and(IS_OWNER.isFalse())).execute();
              relateDeployments(sql, after);
              return new Automation[] {before, after};
            })
        .thenApply(
            both -> {
              changed.accept(both[0], both[1]);
              return both[1];
            });
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> delete(UUID id) {
    return store
        .<Automation>write(
            sql -> {
              var gone = hold(sql, id);
              delete(sql, List.of(id));
              return gone;
            })
        .thenAccept(gone -> changed.accept(gone, null));
  }

  private static int delete(DSLContext sql, Collection<UUID> ids) {
    // Its own row first, as in a change, so that the two wait for each other in one order.
    int gone = sql.deleteFrom(TABLE).where(ID.in(ids)).execute();
    ids.forEach(id -> TagRows.replace(sql, id, List.of()));
    sql.deleteFrom(RESOURCE).where(OF.in(ids)).execute();
    return gone;
  }

  /** Those that a resource owns, or whose actions name it. */
  public CompletableFuture<List<Automation>> relatedTo(String resource) {
    return store.read(
        sql ->
            sql.select(DOC)
                .from(TABLE)
                .join(RESOURCE)
                .on(OF.eq(ID))
                .where(RESOURCE_ID.eq(resource))
                .orderBy(NAME, ID)
                .fetch(Automations::automation));
  }

  /** Deletes those that a resource owns. */
  public CompletableFuture<Void> deleteOwnedBy(String resource) {
    return store.write(
        sql -> {
          var owned =
              sql.select(OF)
                  .from(RESOURCE)
                  .where(RESOURCE_ID.eq(resource).and(IS_OWNER.isTrue()))
                  .fetch(OF);
          delete(sql, owned);
          return null;
        });
  }

  private static Automation automation(Record row) {
    return Docs.read(row.get(DOC), Automation.class);
  }
}
