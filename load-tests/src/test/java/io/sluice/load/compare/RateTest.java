package io.sluice.load.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("sluice-load rate")
class RateTest {
  private static final long MS = 1_000_000;
  private static final double PER_SECOND = 100;
  private static final int BURST = 3;

  @Test
  void a_burst_at_once_and_then_what_the_rate_says_is_not_ahead() {
    var granted = List.of(0L, 0L, 0L, 10 * MS, 20 * MS, 35 * MS);
    assertThat(Rate.due(PER_SECOND, BURST, 20 * MS)).isEqualTo(5);
    assertThat(Rate.aheadMost(granted, PER_SECOND, BURST)).isZero();
  }

  @Test
  void one_grant_too_early_is_ahead_even_if_the_sum_is_right_in_the_end() {
    var granted = List.of(0L, 0L, 0L, 1 * MS, 2 * MS, 100 * MS);
    assertThat(Rate.aheadMost(granted, PER_SECOND, BURST)).isEqualTo(1.8, within(1e-9));
  }

  /** A rate limit of the test's own; {@code factor} 1 is right. */
  private static Function<Seen, Given> limit(double factor) {
    var began = new AtomicLong();
    var grants = new AtomicInteger();
    return seen -> {
      if (!seen.path().endsWith("/increment")) {
        return new Given(201, "{\"lease_id\": \"x\"}", null);
      }
      assertThat(seen.body().path("mode").asText()).isEqualTo("rate_limit");
      synchronized (grants) {
        began.compareAndSet(0, System.nanoTime());
        double due = Rate.due(PER_SECOND, BURST, System.nanoTime() - began.get());
        if (grants.get() + 1 > due * factor) {
          return new Given(423, "{}", "0.001");
        }
        grants.incrementAndGet();
        return Given.ok("[]");
      }
    };
  }

  private static Played rate(Function<Seen, Given> answers, String perSecond, String time)
      throws IOException {
    return Played.on(
        answers,
        "rate",
        "--per-second",
        perSecond,
        "--burst",
        "3",
        "--clients",
        "5",
        "--time",
        time);
  }

  @Test
  void a_right_server_passes() throws IOException {
    var played = rate(limit(1), "100", "1s");
    assertThat(played.err()).doesNotContain("FAULT");
    assertThat(played.code()).isZero();
    assertThat(played.out()).containsPattern("due +\\| +103 ").contains("grants_over_due");
  }

  @Test
  void a_server_that_grants_more_than_the_rate_says_is_found_out() throws IOException {
    var played = rate(limit(1000), "0.01", "2s");
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err()).containsPattern("FAULT of A: .* grants ahead of a burst of 3");
  }

  @Test
  void every_option_is_bounded() {
    assertThat(Played.run("rate", "--per-second", "0").err()).contains("must be above 0");
    assertThat(Played.run("rate", "--burst", "1001").err()).contains("1 to 1000, not 1001");
    assertThat(Played.run("rate", "--help").out()).contains("--per-second", "Exit codes");
  }
}
