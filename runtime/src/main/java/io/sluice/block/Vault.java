package io.sluice.block;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Docs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what blocks hold: AES-256-GCM, a fresh nonce each time. The id of the block is
 * authenticated with it, so that the values of one row are not taken for those of another.
 */
final class Vault {
  static final int KEY_BYTES = 32;

  private static final byte FORMAT = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param key {@link #KEY_BYTES} bytes
   */
  Vault(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key has %d bytes".formatted(KEY_BYTES));
    }
    this.key = new SecretKeySpec(key, "AES");
  }

  byte[] lock(UUID block, ObjectNode data) {
    try {
      var nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, block);
      var sealed = cipher.doFinal(Docs.write(data).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
          .put(FORMAT)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException bug) {
      throw new IllegalStateException("cannot encrypt", bug);
    }
  }

  /** Refused if it was locked with another key, for another block, or is damaged. */
  ObjectNode unlock(UUID block, byte[] locked) {
    try {
      var nonce = Arrays.copyOfRange(locked, 1, 1 + NONCE_BYTES);
      var cipher = cipher(Cipher.DECRYPT_MODE, nonce, block);
      int from = 1 + NONCE_BYTES;
      var text = cipher.doFinal(locked, from, locked.length - from);
      return Docs.read(new String(text, StandardCharsets.UTF_8), ObjectNode.class);
    } catch (GeneralSecurityException | RuntimeException otherKey) {
      throw new Refused(new Rejection.SecretsUnreadable(block));
    }
  }

  private Cipher cipher(int mode, byte[] nonce, UUID block) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(block.toString().getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}
