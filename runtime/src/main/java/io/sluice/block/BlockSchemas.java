package io.sluice.block;

import static io.sluice.rejection.Rejection.NotFound.What.BLOCK_SCHEMA;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

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
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** All schemas of blocks, as rows. */
public final class BlockSchemas {
  private static final Table<Record> TABLE = table(name("block_schema"));
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> UPDATED = field(name("updated"), Instant.class);
  private static final Field<UUID> TYPE = field(name("block_type_id"), UUID.class);
  private static final Field<String> CHECKSUM = field(name("checksum"), String.class);
  private static final Field<String> VERSION = field(name("version"), String.class);
  private static final Field<String> DOC = field(name("doc"), String.class);
  private static final Table<Record> CAPABILITY = table(name("block_capability"));
  private static final Field<UUID> ABLE = field(name("block_schema_id"), UUID.class);
  private static final Field<String> WHAT = field(name("capability"), String.class);

  /** A schema with its type. */
  public record Typed(BlockSchema schema, BlockType type) {}

  /** What was asked to be created, and whether it was not there before. */
  public record Created(Typed typed, boolean isNew) {}

  /** How listings read it. */
  public static final Listed<BlockSchema> LISTED = new Listed<>(List.of(DOC), BlockSchemas::schema);

  private final Store store;
  private final InstantSource clock;

  BlockSchemas(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Creates a schema and those of the blocks in its fields, unless one with its checksum and
   * version exists. Refused if its type or one of theirs does not exist.
   */
  public CompletableFuture<Created> create(BlockSchema.Draft draft) {
    return store
        .write(sql -> create(sql, draft))
        // Another request made it in the meantime: now it is there to be found.
        .exceptionallyCompose(
            failure ->
                Store.isDuplicate(failure)
                    ? store.write(sql -> create(sql, draft))
                    : CompletableFuture.failedFuture(failure));
  }

  Created create(DSLContext sql, BlockSchema.Draft draft) {
    var type = BlockTypes.require(sql, draft.blockTypeId());
    var known = find(sql, SchemaChecksum.of(draft.fields()), draft.version());
    if (known.isPresent()) {
      return new Created(typed(sql, known.get()), false);
    }
    var made = new NewSchemas(sql, this::insert).create(draft);
    return new Created(new Typed(made, type), true);
  }

  private BlockSchema insert(DSLContext sql, BlockSchema.Draft draft, String checksum) {
    var now = clock.instant();
    var able = draft.capabilities().stream().distinct().toList();
    var made =
        new BlockSchema(
            UUID.randomUUID(),
            now,
            now,
            checksum,
            draft.fields(),
            draft.blockTypeId(),
            able,
            draft.version());
    sql.insertInto(TABLE, ID, CREATED, UPDATED, TYPE, CHECKSUM, VERSION, DOC)
        .values(made.id(), now, now, made.blockTypeId(), checksum, made.version(), Docs.write(made))
        .execute();
    able.forEach(what -> sql.insertInto(CAPABILITY, ABLE, WHAT).values(made.id(), what).execute());
    return made;
  }

  /**
   * The newest with that checksum.
   *
   * @param version null for any
   */
  static Optional<BlockSchema> find(DSLContext sql, String checksum, String version) {
    return sql.select(DOC)
        .from(TABLE)
        .where(CHECKSUM.eq(checksum))
        .and(version == null ? DSL.noCondition() : VERSION.eq(version))
        .orderBy(CREATED.desc(), ID.desc())
        .limit(1)
        .fetchOptional(BlockSchemas::schema);
  }

  static Optional<BlockSchema> find(DSLContext sql, UUID id) {
    return sql.select(DOC).from(TABLE).where(ID.eq(id)).fetchOptional(BlockSchemas::schema);
  }

  static Map<UUID, BlockSchema> byId(DSLContext sql, Collection<UUID> ids) {
    return sql.select(ID, DOC).from(TABLE).where(ID.in(ids)).fetchMap(ID, BlockSchemas::schema);
  }

  private static Typed typed(DSLContext sql, BlockSchema schema) {
    return new Typed(schema, BlockTypes.require(sql, schema.blockTypeId()));
  }

  /** Refused if there is none. */
  public CompletableFuture<Typed> get(UUID id) {
    return found(sql -> find(sql, id), id.toString());
  }

  /**
   * The newest with that checksum; refused if there is none.
   *
   * @param version null for any
   */
  public CompletableFuture<Typed> get(String checksum, String version) {
    return found(sql -> find(sql, checksum, version), checksum);
  }

  private CompletableFuture<Typed> found(
      Function<DSLContext, Optional<BlockSchema>> find, String called) {
    return store.read(
        sql ->
            typed(
                sql,
                find.apply(sql)
                    .orElseThrow(() -> new Refused(new Rejection.NotFound(BLOCK_SCHEMA, called)))));
  }

  /** The same with their types; one whose type is gone in the meantime is left out. */
  public CompletableFuture<List<Typed>> typed(List<BlockSchema> schemas) {
    return store.read(
        sql -> {
          var types = BlockTypes.byId(sql, schemas.stream().map(BlockSchema::blockTypeId).toList());
          return schemas.stream()
              .filter(schema -> types.containsKey(schema.blockTypeId()))
              .map(schema -> new Typed(schema, types.get(schema.blockTypeId())))
              .toList();
        });
  }

  /** Deletes a schema with its blocks; refused if there is none or its type is protected. */
  public CompletableFuture<Void> delete(UUID id) {
    return found(sql -> find(sql, id), id.toString())
        .thenCompose(
            found -> {
              if (found.type().isProtected()) {
                throw new Refused(
                    new Rejection.Protected(
                        "Block schemas for protected block types cannot be deleted."));
              }
              return store.write(
                  sql -> {
                    delete(sql, ID.eq(id));
                    return null;
                  });
            });
  }

  /** Deletes the schemas of a type with their blocks. */
  static void deleteOf(DSLContext sql, UUID type) {
    delete(sql, TYPE.eq(type));
  }

  private static void delete(DSLContext sql, Condition which) {
    var ids = sql.select(ID).from(TABLE).where(which).fetch(ID);
    BlockRows.deleteOfSchemas(sql, ids);
    sql.deleteFrom(CAPABILITY).where(ABLE.in(ids)).execute();
    sql.deleteFrom(TABLE).where(ID.in(ids)).execute();
  }

  /** What the schemas say that blocks can do, in alphabetical order. */
  public CompletableFuture<List<String>> capabilities() {
    return store.read(sql -> sql.selectDistinct(WHAT).from(CAPABILITY).orderBy(WHAT).fetch(WHAT));
  }

  private static BlockSchema schema(Record row) {
    return Docs.read(row.get(DOC), BlockSchema.class);
  }
}
