package io.sluice.block;

import static io.sluice.rejection.Rejection.NotFound.What.BLOCK_TYPE;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.block.BlockType.Looks;
import io.sluice.block.BlockWatch.Change;
import io.sluice.filter.Listed;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** All types of blocks, as rows. */
public final class BlockTypes {
  private static final Table<Record> TABLE = table(name("block_type"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> UPDATED = field(name("updated"), Instant.class);
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<String> SLUG = field(name("slug"), String.class);
  private static final Field<String> DOC = field(name("doc"), String.class);

  /** How listings read it. */
  public static final Listed<BlockType> LISTED = new Listed<>(List.of(DOC), BlockTypes::type);

  private final Store store;
  private final InstantSource clock;
  private final BlockWatch watch;

  BlockTypes(Store store, InstantSource clock, BlockWatch watch) {
    this.store = store;
    this.clock = clock;
    this.watch = watch;
  }

  /** Refused if the slug exists. */
  public CompletableFuture<BlockType> create(String name, String slug, Looks looks) {
    return store
        .write(sql -> insert(sql, name, slug, looks, false))
        .exceptionally(
            failure -> {
              throw Store.isDuplicate(failure)
                  ? new Refused(new Rejection.NameTaken(BLOCK_TYPE, name))
                  : new CompletionException(failure);
            })
        .thenApply(
            made -> {
              watch.type(Change.CREATED, made);
              return made;
            });
  }

  BlockType insert(DSLContext sql, String name, String slug, Looks looks, boolean isProtected) {
    var now = clock.instant();
    var made =
        new BlockType(UUID.randomUUID(), now, now, name, slug, null, null, null, null, false)
            .with(looks, isProtected, now);
    sql.insertInto(TABLE, ID, CREATED, UPDATED, NAME, SLUG, DOC)
        .values(made.id(), now, now, name, slug, Docs.write(made))
        .execute();
    return made;
  }

  /** Refused if there is none. */
  public CompletableFuture<BlockType> get(UUID id) {
    return store.read(sql -> require(sql, id));
  }

  /** Refused if there is none. */
  public CompletableFuture<BlockType> get(String slug) {
    return store.read(sql -> find(sql, slug).orElseThrow(() -> notFound(slug)));
  }

  static Optional<BlockType> find(DSLContext sql, String slug) {
    return find(sql, SLUG.eq(slug));
  }

  static BlockType require(DSLContext sql, UUID id) {
    return find(sql, ID.eq(id)).orElseThrow(() -> notFound(id.toString()));
  }

  private static Optional<BlockType> find(DSLContext sql, Condition which) {
    return sql.select(DOC).from(TABLE).where(which).fetchOptional(BlockTypes::type);
  }

  /** As {@link #find}; nobody else changes it before the end of the transaction. */
  static Optional<BlockType> hold(DSLContext sql, String slug) {
    return hold(sql, SLUG.eq(slug));
  }

  private static Optional<BlockType> hold(DSLContext sql, Condition which) {
    return sql.select(DOC).from(TABLE).where(which).forUpdate().fetchOptional(BlockTypes::type);
  }

  static Map<UUID, BlockType> byId(DSLContext sql, Collection<UUID> ids) {
    return sql.select(ID, DOC).from(TABLE).where(ID.in(ids)).fetchMap(ID, BlockTypes::type);
  }

  private static Refused notFound(String called) {
    return new Refused(new Rejection.NotFound(BLOCK_TYPE, called));
  }

  /** Refused if there is none. */
  public CompletableFuture<Void> change(UUID id, UnaryOperator<Looks> change) {
    return store
        .write(
            sql -> {
              var before = hold(sql, ID.eq(id)).orElseThrow(() -> notFound(id.toString()));
              return update(sql, before, change.apply(before.looks()), before.isProtected());
            })
        .thenAccept(after -> watch.type(Change.UPDATED, after));
  }

  BlockType update(DSLContext sql, BlockType before, Looks looks, boolean isProtected) {
    var after = before.with(looks, isProtected, clock.instant());
    sql.update(TABLE)
        .set(UPDATED, after.updated())
        .set(DOC, Docs.write(after))
        .where(ID.eq(before.id()))
        .execute();
    return after;
  }

  /** Deletes a type with its schemas and blocks; refused if there is none or it is protected. */
  public CompletableFuture<Void> delete(UUID id) {
    return store
        .write(
            sql -> {
              var before = require(sql, id);
              if (before.isProtected()) {
                throw new Refused(
                    new Rejection.Protected("protected block types cannot be deleted."));
              }
              BlockSchemas.deleteOf(sql, id);
              sql.deleteFrom(TABLE).where(ID.eq(id)).execute();
              return before;
            })
        .thenAccept(before -> watch.type(Change.DELETED, before));
  }

  private static BlockType type(Record row) {
    return Docs.read(row.get(DOC), BlockType.class);
  }
}
