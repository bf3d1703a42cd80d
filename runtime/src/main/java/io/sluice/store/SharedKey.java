package io.sluice.store;

import java.security.SecureRandom;
import java.util.Base64;

/** A random key that is made once and kept in the store, so that all nodes have the same. */
public final class SharedKey {
  /** As stored. */
  private record Stored(String key) {}

  private SharedKey() {}

  /**
   * The key of a name; blocks.
   *
   * @param bytes its length if it has to be made
   */
  public static byte[] find(Store store, String name, int bytes) {
    var made = new byte[bytes];
    new SecureRandom().nextBytes(made);
    var mine = Docs.write(new Stored(Base64.getEncoder().encodeToString(made)));
    var kept = Docs.read(ServerSettings.getOrPut(store.sql(), name, mine), Stored.class);
    return Base64.getDecoder().decode(kept.key());
  }
}
