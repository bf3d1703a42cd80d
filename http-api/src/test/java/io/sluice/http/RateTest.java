package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A rate of 10 requests a second with bursts of 3")
class RateTest {
  /** As of System.nanoTime, which may be anything: here about to overflow. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);

  private final Rate rate = rate("10", 3);

  private Rate rate(String perSecond, int burst) {
    return Rate.from(
        ConfigFactory.parseString(
            "requests-per-second = %s, requests-burst = %d".formatted(perSecond, burst)),
        nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private boolean takes(String address) {
    return rate.refusal(address).isEmpty();
  }

  @Test
  void takes_a_burst_and_no_more() {
    assertThat(takes("a") && takes("a") && takes("a")).isTrue();
    assertThat(takes("a")).isFalse();
  }

  @Test
  void takes_one_more_each_tenth_of_a_second() {
    for (int i = 0; i < 3; i++) {
      takes("a");
    }
    pass(Duration.ofMillis(99));
    assertThat(takes("a")).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(takes("a")).isTrue();
    assertThat(takes("a")).isFalse();
    pass(Duration.ofSeconds(10));
    assertThat(takes("a") && takes("a") && takes("a")).isTrue();
    assertThat(takes("a")).isFalse();
  }

  @Test
  void counts_each_address_for_itself() {
    for (int i = 0; i < 4; i++) {
      takes("a");
    }
    assertThat(takes("a")).isFalse();
    assertThat(takes("b")).isTrue();
  }

  @Test
  void spreads_those_who_come_back_over_time_but_not_for_ever() {
    for (int i = 0; i < 3; i++) {
      takes("a");
    }
    for (int i = 0; i < 10; i++) {
      assertThat(retryAfter()).as("after %d", i).isBetween(1, 2);
    }
    assertThat(retryAfter()).isEqualTo(2);
    for (int i = 0; i < 1000; i++) {
      retryAfter();
    }
    assertThat(retryAfter()).isEqualTo(30);
    pass(Duration.ofSeconds(31));
    assertThat(takes("a")).isTrue();
  }

  private int retryAfter() {
    var refusal = rate.refusal("a").orElseThrow();
    assertThat(refusal.status()).isEqualTo(429);
    return Integer.parseInt(refusal.headers().get("Retry-After"));
  }

  @Test
  void lets_addresses_beyond_those_it_remembers_share_one_account_and_forgets_idle_ones() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(takes("known-" + i)).isTrue();
    }
    assertThat(takes("new-1") && takes("new-2") && takes("new-3")).isTrue();
    assertThat(takes("new-4")).isFalse();
    assertThat(takes("known-7")).isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(takes("new-4") && takes("new-5") && takes("new-6") && takes("new-7")).isTrue();
  }

  @Test
  void is_none_if_it_is_off() {
    var off = rate("off", 1);
    for (int i = 0; i < 1000; i++) {
      assertThat(off.refusal("a")).isEmpty();
    }
  }
}
