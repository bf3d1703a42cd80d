package io.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Runs that arrive at a queue")
class ArrivalsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static Arrivals at(int... millis) {
    var arrivals = Arrivals.NONE;
    for (int time : millis) {
      arrivals = arrivals.next(START.plusMillis(time));
    }
    return arrivals;
  }

  @Test
  void have_no_gap_before_the_second() {
    assertThat(at().last()).isNull();
    assertThat(at(7)).isEqualTo(new Arrivals(START.plusMillis(7), null));
  }

  @Test
  void know_the_longest_gap() {
    assertThat(at(0, 30, 40)).isEqualTo(new Arrivals(START.plusMillis(40), Duration.ofMillis(30)));
    assertThat(at(0, 10, 40).longestGap()).isEqualTo(Duration.ofMillis(30));
  }

  @Test
  void begin_anew_after_a_pause() {
    assertThat(at(0, 10, 2009).longestGap()).isEqualTo(Duration.ofMillis(1999));
    assertThat(at(0, 10, 2010)).isEqualTo(at(2010));
  }
}
