package io.sluice.block;

import io.sluice.store.SharedKey;
import io.sluice.store.Store;
import java.util.Base64;

/** Where the key of the {@link Vault} comes from. */
final class VaultKey {
  private static final String SETTING = "block-encryption-key";

  private VaultKey() {}

  /**
   * @param configured Base64 of 32 bytes; if blank, a key is made once and kept in the store, so
   *     that all nodes have the same
   * @throws IllegalArgumentException if it is neither
   */
  static byte[] find(Store store, String configured) {
    if (!configured.isBlank()) {
      return decode(configured.trim());
    }
    return SharedKey.find(store, SETTING, Vault.KEY_BYTES);
  }

  private static byte[] decode(String text) {
    try {
      var key = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
      if (key.length == Vault.KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException notBase64) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "sluice.block.encryption-key must be %d bytes in Base64; `openssl rand -base64 32` makes one."
            .formatted(Vault.KEY_BYTES));
  }
}
