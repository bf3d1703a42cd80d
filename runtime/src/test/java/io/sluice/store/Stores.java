package io.sluice.store;

import java.nio.file.Path;
import java.time.Duration;

/** Stores for tests. */
public final class Stores {
  private Stores() {}

  /** Settings of a store in {@code dir}, with small bounds. */
  public static StoreSettings h2(Path dir) {
    var url = "jdbc:h2:file:" + dir.resolve("sluice") + ";LOCK_TIMEOUT=60000";
    return at(url, "", true);
  }

  /** Settings of the database at {@code url}, with small bounds. */
  public static StoreSettings at(String url, String user, boolean mayBeNew) {
    return new StoreSettings(url, user, "", mayBeNew, 8, Duration.ofSeconds(20), 16, 8, 2, 4);
  }

  static StoreSettings inUse(StoreSettings settings) {
    return at(settings.url(), settings.user(), false);
  }
}
