package io.sluice.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The vault")
class VaultTest {
  private static final UUID BLOCK = new UUID(1, 2);
  private static final ObjectNode DATA =
      JsonNodeFactory.instance.objectNode().put("value", "swordfish");

  private final Vault vault = new Vault(key(1));

  private static byte[] key(int first) {
    var key = new byte[Vault.KEY_BYTES];
    key[0] = (byte) first;
    return key;
  }

  private static void isUnreadable(ThrowingCallable unlocking) {
    assertThatThrownBy(unlocking)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(new Rejection.SecretsUnreadable(BLOCK)));
  }

  @Test
  void gives_back_what_was_locked_in() {
    assertThat(vault.unlock(BLOCK, vault.lock(BLOCK, DATA))).isEqualTo(DATA);
  }

  @Test
  void shows_nothing_and_never_the_same_bytes() {
    var locked = vault.lock(BLOCK, DATA);
    assertThat(new String(locked, StandardCharsets.ISO_8859_1)).doesNotContain("swordfish");
    assertThat(vault.lock(BLOCK, DATA)).isNotEqualTo(locked);
  }

  @Test
  void opens_with_its_own_key_only() {
    var locked = vault.lock(BLOCK, DATA);
    isUnreadable(() -> new Vault(key(2)).unlock(BLOCK, locked));
  }

  @Test
  void does_not_take_the_values_of_one_block_for_those_of_another() {
    var ofAnother = vault.lock(new UUID(3, 4), DATA);
    isUnreadable(() -> vault.unlock(BLOCK, ofAnother));
  }

  @Test
  void notices_damage() {
    var locked = vault.lock(BLOCK, DATA);
    locked[locked.length - 1] ^= 1;
    isUnreadable(() -> vault.unlock(BLOCK, locked));
    isUnreadable(() -> vault.unlock(BLOCK, new byte[3]));
  }

  @Test
  void refuses_a_key_of_another_length() {
    assertThatThrownBy(() -> new Vault(new byte[16])).isInstanceOf(IllegalArgumentException.class);
  }
}
