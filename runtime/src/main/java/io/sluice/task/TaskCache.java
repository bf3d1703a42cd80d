package io.sluice.task;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.run.ProposedState;
import io.sluice.run.State;
import io.sluice.store.Docs;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jooq.Field;

/** Completed states under the cache keys their clients gave them. */
final class TaskCache {
  private static final Field<String> HASH = field(name("key_hash"), String.class);
  private static final Field<Instant> CREATED = field(name("created"), Instant.class);
  private static final Field<Instant> EXPIRES = field(name("expires"), Instant.class);
  private static final Field<String> DOC = field(name("doc"), String.class);
  private static final String INSERT =
      "INSERT INTO task_run_cache (key_hash, created, expires, doc) VALUES (?, ?, ?, ?)";

  private final Store store;

  TaskCache(Store store) {
    this.store = store;
  }

  /** The newest state under {@code key} that has not expired. */
  CompletableFuture<Optional<ProposedState>> find(String key, Instant now) {
    return store.read(
        sql ->
            sql.select(DOC)
                .from(table(name("task_run_cache")))
                .where(HASH.eq(hash(key)))
                .and(EXPIRES.isNull().or(EXPIRES.gt(now)))
                .orderBy(CREATED.desc())
                .limit(1)
                .fetchOptional(row -> Docs.read(row.get(DOC), State.class).proposed()));
  }

  static RowChange insert(State state) {
    return RowChange.of(
        INSERT,
        hash(state.details().cacheKey()),
        state.timestamp(),
        state.details().cacheExpiration(),
        Docs.write(state));
  }

  private static String hash(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JVM has SHA-256", missing);
    }
  }
}
