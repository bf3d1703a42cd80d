package io.sluice.block;

import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import io.sluice.store.ServerSettings;
import io.sluice.store.Store;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;

/** The block in which clients store results unless they say otherwise. */
public final class ResultStorage {
  private static final String SETTING = "default-result-storage";
  private static final String CAPABILITY = "write-path";

  /** As stored. */
  private record Stored(UUID block) {}

  private final Store store;
  private final BlockDocuments blocks;

  ResultStorage(Store store, BlockDocuments blocks) {
    this.store = store;
    this.blocks = blocks;
  }

  public CompletableFuture<Optional<UUID>> get() {
    return store.read(ResultStorage::find);
  }

  private static Optional<UUID> find(DSLContext sql) {
    return ServerSettings.get(sql, SETTING).map(doc -> Docs.read(doc, Stored.class).block());
  }

  /** Refused if there is no such block, or if its schema does not say that it can write. */
  public CompletableFuture<Void> set(UUID block) {
    return blocks
        .get(block)
        .thenCompose(
            found -> {
              if (!found.schema().capabilities().contains(CAPABILITY)) {
                throw new Refused(new Rejection.StoresNoResults(block));
              }
              return store.write(
                  sql -> {
                    ServerSettings.put(sql, SETTING, Docs.write(new Stored(block)));
                    return null;
                  });
            });
  }

  public CompletableFuture<Void> clear() {
    return store.write(
        sql -> {
          ServerSettings.remove(sql, SETTING);
          return null;
        });
  }

  /** Clears it if it is one of these. */
  static void forget(DSLContext sql, Collection<UUID> blocks) {
    if (find(sql).filter(blocks::contains).isPresent()) {
      ServerSettings.remove(sql, SETTING);
    }
  }
}
