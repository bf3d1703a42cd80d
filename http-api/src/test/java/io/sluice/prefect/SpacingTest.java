package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Turns, four in a second")
class SpacingTest {
  private static final long QUARTER = 250_000_000;
  private final Spacing turns = new Spacing(4);

  @Test
  void are_a_quarter_of_a_second_apart() {
    assertThat(turns.take(-5)).isZero();
    assertThat(turns.take(-5)).isEqualTo(QUARTER);
    assertThat(turns.take(-4)).isEqualTo(2 * QUARTER - 1);
  }

  @Test
  void are_had_at_once_after_a_pause_and_not_saved_up_in_it() {
    turns.take(0);
    assertThat(turns.take(10 * QUARTER)).isZero();
    assertThat(turns.take(10 * QUARTER)).isEqualTo(QUARTER);
  }
}
