package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A process that may stand still for 2 s")
class BeatsTest {
  /** A monotonic clock may begin anywhere, and overflow. */
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private final Beats beats = new Beats(Duration.ofSeconds(2), Duration.ofSeconds(5), START);

  private static long at(double seconds) {
    return START + (long) (seconds * 1e9);
  }

  @Test
  void is_sure_as_long_as_it_beats() {
    assertThat(beats.isSure(at(2))).isTrue();
    beats.beat(at(2));
    beats.beat(at(4));
    assertThat(beats.isSure(at(6))).isTrue();
  }

  @Test
  void is_not_sure_before_it_has_noticed_that_it_stood_still() {
    assertThat(beats.isSure(at(2.1))).isFalse();
  }

  @Test
  void is_not_sure_for_5_s_after_it_stood_still() {
    beats.beat(at(2.1));
    beats.beat(at(4));
    beats.beat(at(6));
    assertThat(beats.isSure(at(7))).isFalse();
    assertThat(beats.isSure(at(7.1))).isTrue();
  }
}
