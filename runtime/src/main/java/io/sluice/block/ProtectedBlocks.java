package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.block.BlockType.Looks;
import io.sluice.store.Docs;
import io.sluice.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;

/**
 * The types that clients count on (Prefect 3.8.8, server/models/block_registration.py): secrets,
 * local files and webhooks. Clients register all others, and their own form of these, when they
 * save a block.
 */
final class ProtectedBlocks {
  private static final String RESOURCE = "protected-blocks.json";

  private final Store store;
  private final BlockTypes types;
  private final BlockSchemas schemas;

  ProtectedBlocks(Store store, BlockTypes types, BlockSchemas schemas) {
    this.store = store;
    this.types = types;
    this.schemas = schemas;
  }

  /** Creates those that are not there, and protects them all. May be repeated. */
  CompletableFuture<Void> install() {
    var described = read();
    return store.write(
        sql -> {
          described.forEach(block -> install(sql, block));
          return null;
        });
  }

  private void install(DSLContext sql, JsonNode block) {
    var slug = block.get("slug").asText();
    var known = BlockTypes.hold(sql, slug);
    if (known.isPresent()) {
      types.update(sql, known.get(), known.get().looks(), true);
      return;
    }
    var looks =
        new Looks(
            null, null, block.get("description").asText(), block.get("code_example").asText());
    var made = types.insert(sql, block.get("name").asText(), slug, looks, true);
    var capabilities = new ArrayList<String>();
    block.get("capabilities").forEach(what -> capabilities.add(what.asText()));
    schemas.create(
        sql,
        new BlockSchema.Draft(
            made.id(), block.get("fields"), capabilities, BlockSchema.NO_VERSION));
  }

  private static JsonNode read() {
    try (var in = ProtectedBlocks.class.getResourceAsStream(RESOURCE)) {
      return Docs.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), JsonNode.class);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
