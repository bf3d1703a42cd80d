package io.sluice.block;

import static io.sluice.rejection.Rejection.NotFound.What.BLOCK;
import static io.sluice.rejection.Rejection.NotFound.What.BLOCK_SCHEMA;
import static io.sluice.rejection.Rejection.NotFound.What.BLOCK_TYPE;

import io.sluice.block.BlockWatch.Change;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Store;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jooq.DSLContext;

/** All blocks. */
public final class BlockDocuments {
  private final Store store;
  private final Listings listings;
  private final InstantSource clock;
  private final BlockWatch watch;
  private final BlockRows rows;

  BlockDocuments(
      Store store, Listings listings, InstantSource clock, Vault vault, BlockWatch watch) {
    this.store = store;
    this.listings = listings;
    this.clock = clock;
    this.watch = watch;
    this.rows = new BlockRows(vault);
  }

  /**
   * Creates a block. Refused if its type has one of that name, or if its type, its schema or a
   * block that it holds does not exist. An anonymous block without a name is given one.
   */
  public CompletableFuture<WholeBlock> create(BlockDocument.Draft draft) {
    return store
        .write(sql -> whole(sql, insert(sql, draft)))
        .exceptionally(
            failure -> {
              throw Store.isDuplicate(failure)
                  ? taken(draft.name())
                  : new CompletionException(failure);
            })
        .thenApply(
            made -> {
              watch.block(Change.CREATED, made);
              return made;
            });
  }

  private BlockDocument insert(DSLContext sql, BlockDocument.Draft draft) {
    var type =
        BlockTypes.byId(sql, List.of(draft.typeId())).values().stream()
            .findFirst()
            .orElseThrow(() -> dangling(BLOCK_TYPE, draft.typeId()));
    schema(sql, draft.schemaId());
    var name = draft.name() == null ? "anonymous-" + UUID.randomUUID() : draft.name();
    if (BlockRows.isTaken(sql, type.id(), name)) {
      throw taken(name);
    }
    var now = clock.instant();
    var references = References.of(draft.data());
    var made =
        new BlockDocument(
            UUID.randomUUID(),
            now,
            now,
            name,
            type.id(),
            type.name(),
            draft.schemaId(),
            draft.isAnonymous(),
            references.plain());
    checkHeld(sql, made.id(), references.blocks());
    rows.insert(sql, made);
    BlockRows.setReferences(sql, made.id(), references.blocks());
    return made;
  }

  private static BlockSchema schema(DSLContext sql, UUID id) {
    return BlockSchemas.find(sql, id).orElseThrow(() -> dangling(BLOCK_SCHEMA, id));
  }

  private static Refused dangling(Rejection.NotFound.What what, UUID id) {
    return new Refused(new Rejection.Dangling(what, id.toString()));
  }

  private static Refused taken(String name) {
    return new Refused(new Rejection.NameTaken(BLOCK, name));
  }

  /** All that a block is to hold must exist, and none may hold the block itself. */
  private static void checkHeld(DSLContext sql, UUID holder, Map<String, UUID> held) {
    for (var id : held.values()) {
      if (id.equals(holder) || reaches(sql, id, holder)) {
        throw new Refused(
            new Rejection.BadBlock(
                ("Cannot create block document reference: it would introduce a cycle into the"
                        + " block_document_reference graph (parent=%s, reference=%s).")
                    .formatted(holder, id)));
      } else if (BlockRows.countOf(sql, List.of(id)) == 0) {
        throw dangling(BLOCK, id);
      }
    }
  }

  private static boolean reaches(DSLContext sql, UUID from, UUID target) {
    var seen = new HashSet<UUID>();
    var next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      var id = next.pop();
      if (id.equals(target)) {
        return true;
      } else if (seen.add(id)) {
        BlockRows.references(sql, List.of(id)).values().forEach(held -> next.addAll(held.values()));
      }
    }
    return false;
  }

  // ---- reading ----

  /** Refused if there is none. */
  public CompletableFuture<WholeBlock> get(UUID id) {
    return store.read(sql -> whole(sql, require(sql, id)));
  }

  private BlockDocument require(DSLContext sql, UUID id) {
    return found(Optional.ofNullable(rows.byId(sql, List.of(id)).get(id)), id);
  }

  private static BlockDocument found(Optional<BlockDocument> block, UUID id) {
    return block.orElseThrow(() -> new Refused(new Rejection.NotFound(BLOCK, id.toString())));
  }

  /** Refused if there is none of that name whose type has that slug. */
  public CompletableFuture<WholeBlock> get(String typeSlug, String name) {
    var named =
        new Query(
            Kind.BLOCK_DOCUMENT,
            Map.of(
                Kind.BLOCK_DOCUMENT, new Filter.Test("name", Op.ANY, List.of(name)),
                Kind.BLOCK_TYPE, new Filter.Test("slug", Op.ANY, List.of(typeSlug))));
    return list(named, "NAME_ASC", 1, 0)
        .thenApply(
            found ->
                found.stream()
                    .findFirst()
                    .orElseThrow(() -> new Refused(new Rejection.NotFound(BLOCK, name))));
  }

  /**
   * @param sort a name of {@link Listings#sorts}
   */
  public CompletableFuture<List<WholeBlock>> list(Query query, String sort, int limit, int offset) {
    return listings
        .list(query, sort, limit, offset, rows.listed())
        .thenCompose(blocks -> store.read(sql -> wholes(sql, blocks)));
  }

  private List<WholeBlock> wholes(DSLContext sql, List<BlockDocument> blocks) {
    return Assembly.of(sql, rows, blocks);
  }

  private WholeBlock whole(DSLContext sql, BlockDocument block) {
    return wholes(sql, List.of(block)).get(0);
  }

  // ---- changing ----

  /**
   * Changes a block. Secrets that come back hidden stay as they are. Refused if there is none, or
   * if the schema is of another type.
   */
  public CompletableFuture<Void> change(UUID id, BlockDocument.Change change) {
    return store
        .write(
            sql -> {
              change(sql, found(rows.hold(sql, id), id), change);
              return whole(sql, require(sql, id));
            })
        .thenAccept(after -> watch.block(Change.UPDATED, after));
  }

  private void change(DSLContext sql, BlockDocument before, BlockDocument.Change change) {
    var id = before.id();
    var schema = schema(sql, before.schemaId());
    var schemaId = change.schemaId() == null ? schema.id() : change.schemaId();
    sameType(schema, schema(sql, schemaId));
    var held = BlockRows.references(sql, List.of(id)).getOrDefault(id, Map.of());
    var edit = Edit.of(before.data(), held, change, schema.secretFields());
    checkHeld(sql, id, edit.fresh());
    BlockRows.setReferences(sql, id, edit.held());
    rows.update(sql, before.with(schemaId, edit.data(), clock.instant()));
  }

  private static void sameType(BlockSchema before, BlockSchema after) {
    if (!before.blockTypeId().equals(after.blockTypeId())) {
      throw new Refused(
          new Rejection.BadBlock(
              "Must migrate block document to a block schema of the same block type."));
    }
  }

  /** Deletes a block; the fields of others that held it are empty then. Refused if none. */
  public CompletableFuture<Void> delete(UUID id) {
    return store
        .write(
            sql -> {
              var before = whole(sql, require(sql, id));
              BlockRows.delete(sql, List.of(id));
              return before;
            })
        .thenAccept(before -> watch.block(Change.DELETED, before));
  }
}
