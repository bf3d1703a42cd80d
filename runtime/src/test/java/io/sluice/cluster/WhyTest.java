package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Why something failed")
class WhyTest {
  @Test
  void is_what_the_failure_says() {
    assertThat(Why.of(new IllegalStateException("the disk is full"))).isEqualTo("the disk is full");
  }

  @Test
  void is_what_the_failure_says_that_a_future_wraps() {
    assertThat(Why.of(new CompletionException(new IllegalStateException("no room"))))
        .isEqualTo("no room");
  }

  @Test
  void is_its_kind_if_it_says_nothing() {
    assertThat(Why.of(new TimeoutException())).isEqualTo("TimeoutException");
    assertThat(Why.of(new IllegalStateException(" "))).isEqualTo("IllegalStateException");
  }
}
