package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.RetryRule.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Prefect's client, after a failed attempt,")
class RetryRuleTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final RetryRule rule = rule(0.5);

  private static RetryRule rule(double random) {
    return new RetryRule(new Jitter(() -> random), () -> NOON, RetryRule.RETRIES_OF_PREFECT);
  }

  private static Outcome status(int status) {
    return new Outcome(status, null, false);
  }

  private static Outcome retryAfter(String header) {
    return new Outcome(503, header, false);
  }

  @Test
  void asks_again_where_the_server_may_recover() {
    assertThat(List.of(408, 429, 502, 503))
        .allSatisfy(status -> assertThat(rule.after(1, status(status))).isPresent());
  }

  @Test
  void takes_other_answers_as_final() {
    assertThat(List.of(400, 404, 409, 410, 422, 423, 500, 504))
        .allSatisfy(status -> assertThat(rule.after(1, status(status))).isEmpty());
  }

  @Test
  void asks_five_times_more_and_not_six() {
    assertThat(rule.after(5, Outcome.LOST)).isPresent();
    assertThat(rule.after(6, Outcome.LOST)).isEmpty();
  }

  @Test
  void does_not_give_up_if_told_so_and_waits_no_longer_each_time() {
    var stubborn = new RetryRule(new Jitter(() -> 0.5), () -> NOON, Integer.MAX_VALUE);
    assertThat(stubborn.after(1000, Outcome.LOST)).isEqualTo(stubborn.after(5, Outcome.LOST));
  }

  @Test
  void waits_two_four_eight_seconds_with_a_fifth_of_jitter() {
    for (int tries = 1; tries <= 5; tries++) {
      long mean = 1000L << tries;
      assertThat(rule(0).after(tries, Outcome.LOST).orElseThrow().toMillis())
          .isBetween(mean * 7 / 10, mean);
      assertThat(rule(0.999).after(tries, Outcome.LOST).orElseThrow().toMillis())
          .isBetween(mean, mean * 12 / 10);
    }
  }

  @Test
  void waits_at_least_as_long_as_the_server_says() {
    assertThat(rule(0).after(1, retryAfter("7.5")).orElseThrow())
        .isBetween(millis(7500), millis(7501));
    assertThat(rule(0.999).after(1, retryAfter("7.5")).orElseThrow())
        .isBetween(millis(7500), millis(9000));
    assertThat(rule.after(1, retryAfter("0"))).contains(Duration.ZERO);
  }

  @Test
  void understands_a_date_and_overlooks_what_it_does_not_understand() {
    assertThat(rule(0).after(1, retryAfter("Sat, 21 Nov 2026 12:00:03 GMT")).orElseThrow())
        .isBetween(millis(3000), millis(3001));
    assertThat(rule.after(1, retryAfter("soon"))).isEqualTo(rule.after(1, status(503)));
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
