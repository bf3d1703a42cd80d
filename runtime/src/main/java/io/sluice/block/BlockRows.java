package io.sluice.block;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.filter.Listed;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/** Blocks as rows: the block, its values locked, and which others its fields hold. */
record BlockRows(Vault vault) {
  private static final Table<Record> TABLE = table(name("block_document"));
  private static final Field<UUID> ID = column("id", UUID.class);
  private static final Field<Instant> CREATED = column("created", Instant.class);
  private static final Field<Instant> UPDATED = column("updated", Instant.class);
  private static final Field<String> NAME = column("name", String.class);
  private static final Field<UUID> TYPE = column("block_type_id", UUID.class);
  private static final Field<String> TYPE_NAME = column("block_type_name", String.class);
  private static final Field<UUID> SCHEMA = column("block_schema_id", UUID.class);
  private static final Field<Boolean> ANONYMOUS = column("is_anonymous", Boolean.class);
  private static final Field<byte[]> SECRET = column("secret", byte[].class);

  private static final Table<Record> REFERENCE = table(name("block_reference"));
  private static final Field<UUID> PARENT = field(name("parent_id"), UUID.class);
  private static final Field<String> FIELD = field(name("name"), String.class);
  private static final Field<UUID> HELD = field(name("block_document_id"), UUID.class);

  private static <T> Field<T> column(String column, Class<T> type) {
    return field(name("block_document", column), type);
  }

  /** How listings read it. */
  Listed<BlockDocument> listed() {
    return new Listed<>(
        List.of(ID, CREATED, UPDATED, NAME, TYPE, TYPE_NAME, SCHEMA, ANONYMOUS, SECRET),
        this::block);
  }

  private BlockDocument block(Record row) {
    return new BlockDocument(
        row.get(ID),
        row.get(CREATED),
        row.get(UPDATED),
        row.get(NAME),
        row.get(TYPE),
        row.get(TYPE_NAME),
        row.get(SCHEMA),
        row.get(ANONYMOUS),
        vault.unlock(row.get(ID), row.get(SECRET)));
  }

  void insert(DSLContext sql, BlockDocument block) {
    sql.insertInto(TABLE)
        .columns(ID, CREATED, UPDATED, NAME, TYPE, TYPE_NAME, SCHEMA, ANONYMOUS, SECRET)
        .values(
            block.id(),
            block.created(),
            block.updated(),
            block.name(),
            block.typeId(),
            block.typeName(),
            block.schemaId(),
            block.isAnonymous(),
            vault.lock(block.id(), block.data()))
        .execute();
  }

  void update(DSLContext sql, BlockDocument block) {
    sql.update(TABLE)
        .set(UPDATED, block.updated())
        .set(SCHEMA, block.schemaId())
        .set(SECRET, vault.lock(block.id(), block.data()))
        .where(ID.eq(block.id()))
        .execute();
  }

  /** The block, which nobody else changes before the end of the transaction. */
  Optional<BlockDocument> hold(DSLContext sql, UUID id) {
    return sql.select(listed().columns())
        .from(TABLE)
        .where(ID.eq(id))
        .forUpdate()
        .fetchOptional(this::block);
  }

  Map<UUID, BlockDocument> byId(DSLContext sql, Collection<UUID> ids) {
    return sql.select(listed().columns()).from(TABLE).where(ID.in(ids)).fetchMap(ID, this::block);
  }

  static boolean isTaken(DSLContext sql, UUID type, String name) {
    return sql.fetchExists(TABLE, TYPE.eq(type).and(NAME.eq(name)));
  }

  static int countOf(DSLContext sql, Collection<UUID> ids) {
    return sql.fetchCount(TABLE, ID.in(ids));
  }

  // ---- which blocks hold which ----

  /** The blocks that the fields of these hold: by holder, then by field. */
  static Map<UUID, Map<String, UUID>> references(DSLContext sql, Collection<UUID> holders) {
    var found = new LinkedHashMap<UUID, Map<String, UUID>>();
    sql.select(PARENT, FIELD, HELD)
        .from(REFERENCE)
        .where(PARENT.in(holders))
        .orderBy(FIELD)
        .forEach(
            row ->
                found
                    .computeIfAbsent(row.get(PARENT), holder -> new LinkedHashMap<>())
                    .put(row.get(FIELD), row.get(HELD)));
    return found;
  }

  static void setReferences(DSLContext sql, UUID holder, Map<String, UUID> held) {
    sql.deleteFrom(REFERENCE).where(PARENT.eq(holder)).execute();
    held.forEach(
        (field, id) ->
            sql.insertInto(REFERENCE, PARENT, FIELD, HELD).values(holder, field, id).execute());
  }

  // ---- deletion ----

  static void deleteOfSchemas(DSLContext sql, Collection<UUID> schemas) {
    delete(sql, sql.select(ID).from(TABLE).where(SCHEMA.in(schemas)).fetch(ID));
  }

  /** Deletes blocks, takes them out of the fields that hold them, and out of the defaults. */
  static int delete(DSLContext sql, Collection<UUID> ids) {
    // Its own row first, as in a change, so that the two wait for each other in one order.
    int gone = sql.deleteFrom(TABLE).where(ID.in(ids)).execute();
    sql.deleteFrom(REFERENCE).where(PARENT.in(ids).or(HELD.in(ids))).execute();
    ResultStorage.forget(sql, ids);
    return gone;
  }
}
