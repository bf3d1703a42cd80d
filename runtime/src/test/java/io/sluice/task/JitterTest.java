package io.sluice.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("A random time before a retry")
class JitterTest {
  /** What clamped_poisson_interval of Prefect 3.8.8 gives: mean, factor, chance, seconds. */
  private static final String AS_PREFECT =
      """
      1, 0.5, 0.0, 0.62939687338222
      1, 0.5, 0.25, 0.7864311813631132
      1, 0.5, 0.5, 0.9728038385266521
      1, 0.5, 0.999999, 1.4999986116500665
      10, 0.1, 0.0, 9.064844325184511
      10, 0.1, 0.25, 9.51466890714336
      10, 0.1, 0.5, 9.985684677463492
      10, 0.1, 0.999999, 10.999997864917454
      10, 1, 0.0, 4.1503749927884375
      10, 1, 0.25, 6.3663366133776735
      10, 1, 0.5, 9.21742060752726
      10, 1, 0.999999, 19.99996120899112
      3, 2.5, 0.0, 0.4005261882903253
      3, 2.5, 0.25, 1.2292588791016024
      3, 2.5, 0.5, 2.3781825877066933
      3, 2.5, 0.999999, 10.49991607114254
      0.5, 49, 0.0, 0.0
      0.5, 49, 0.25, 0.14384103622589045
      0.5, 49, 0.5, 0.34657359027997264
      0.5, 49, 0.999999, 6.907755278967759
      60, 60, 0.25, 17.260924347106855
      60, 60, 0.999999, 828.9306334761311
      2, 1e-09, 0.0, 1.9999999979999996
      2, 1e-09, 0.999999, 2.000000001999996
      """;

  @TestFactory
  Stream<DynamicTest> is_the_one_that_prefect_draws_by_the_same_chance() {
    return AS_PREFECT.lines().map(row -> dynamicTest(row, () -> check(row)));
  }

  private static void check(String row) {
    var n = Arrays.stream(row.split(", ")).mapToDouble(Double::parseDouble).toArray();
    assertThat(Jitter.around(n[0], n[1], n[2])).isCloseTo(n[3], within(1e-6 * n[0]));
  }

  private static TaskRunPolicy policy(Double factor, Double... delays) {
    return new TaskRunPolicy(0, 0, 3, Arrays.asList(delays), true, factor);
  }

  @Test
  void spreads_the_delay_whose_turn_it_is() {
    var policy = policy(1.0, 10.0, 100.0);
    assertThat(policy.delayAfter(1, 0.25)).isCloseTo(6.366_336_6, within(1e-6));
    assertThat(policy.delayAfter(2, 0.25)).isCloseTo(63.663_366, within(1e-5));
    assertThat(policy.delayAfter(3, 0.25)).isCloseTo(63.663_366, within(1e-5));
  }

  @Test
  void is_the_delay_itself_without_a_factor() {
    assertThat(policy(null, 10.0).delayAfter(1, 0.25)).isEqualTo(10);
    assertThat(policy(0.0, 10.0).delayAfter(1, 0.25)).isEqualTo(10);
  }

  @Test
  void is_none_if_there_is_no_delay() {
    assertThat(policy(1.0, 0.0).delayAfter(1, 0.25)).isZero();
    assertThat(policy(1.0).delayAfter(1, 0.25)).isZero();
  }
}
