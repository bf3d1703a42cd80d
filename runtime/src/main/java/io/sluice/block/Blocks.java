package io.sluice.block;

import com.typesafe.config.Config;
import io.sluice.filter.Listings;
import io.sluice.store.Store;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** Everything about blocks: their types, their schemas, themselves, and the default storage. */
public final class Blocks {
  private final BlockTypes types;
  private final BlockSchemas schemas;
  private final BlockDocuments documents;
  private final ResultStorage resultStorage;
  private final ProtectedBlocks protectedBlocks;

  /**
   * @param config {@code sluice.block}
   * @throws IllegalArgumentException if the configured key is none
   */
  public Blocks(
      Store store, Listings listings, InstantSource clock, BlockWatch watch, Config config) {
    var vault = new Vault(VaultKey.find(store, config.getString("encryption-key")));
    this.types = new BlockTypes(store, clock, watch);
    this.schemas = new BlockSchemas(store, clock);
    this.documents = new BlockDocuments(store, listings, clock, vault, watch);
    this.resultStorage = new ResultStorage(store, documents);
    this.protectedBlocks = new ProtectedBlocks(store, types, schemas);
  }

  public BlockTypes types() {
    return types;
  }

  public BlockSchemas schemas() {
    return schemas;
  }

  public BlockDocuments documents() {
    return documents;
  }

  public ResultStorage resultStorage() {
    return resultStorage;
  }

  /** Creates the types that clients count on, unless they are there. May be repeated. */
  public CompletableFuture<Void> installProtected() {
    return protectedBlocks.install();
  }
}
