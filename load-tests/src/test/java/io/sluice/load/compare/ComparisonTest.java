package io.sluice.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.compare.Comparison.Played;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A comparison")
class ComparisonTest {
  private static final Server A = new Server("A", URI.create("http://127.0.0.1:1/api"));
  private static final Server B = new Server("B", URI.create("http://127.0.0.1:2/api"));

  private static Played played(Server server, int number, double value) {
    return new Played("v", server, number, new Round.Builder().put("x_per_s", value).build());
  }

  private static Comparison of(List<Server> servers, Played... played) {
    return new Comparison("w", servers, Map.of(), List.of(played));
  }

  @Test
  void shows_the_median_of_the_rounds_and_the_ratio_of_the_medians() {
    var comparison =
        of(
            List.of(A, B),
            played(A, 1, 10),
            played(B, 1, 4),
            played(B, 2, 6),
            played(A, 2, 1000),
            played(A, 3, 20));
    assertThat(comparison.median("v", A, "x_per_s")).hasValue(20);
    assertThat(comparison.median("v", B, "x_per_s")).hasValue(5);
    assertThat(comparison.ratio("v", "x_per_s")).hasValue(4);
  }

  @Test
  void has_no_ratio_to_nothing() {
    assertThat(of(List.of(A), played(A, 1, 10)).ratio("v", "x_per_s")).isEmpty();
    var zero = of(List.of(A, B), played(A, 1, 10), played(B, 1, 0));
    assertThat(zero.ratio("v", "x_per_s")).isEmpty();
    assertThat(zero.median("v", A, "y")).isEmpty();
  }

  @Test
  void says_in_which_round_what_went_wrong_on_which_server() {
    var wrong = new Played("v", B, 2, new Round.Builder().fault("too many").build());
    var comparison = of(List.of(A, B), played(A, 1, 10), wrong);
    assertThat(comparison.faults(A)).isEmpty();
    assertThat(comparison.faults(B)).containsExactly("v, round 2: too many");
  }

  @Test
  void lets_no_server_always_go_first() {
    var runner = new Runner(List.of(A, B), 3, line -> {});
    assertThat(runner.turn(1)).containsExactly(A, B);
    assertThat(runner.turn(2)).containsExactly(B, A);
    assertThat(runner.turn(3)).containsExactly(A, B);
  }
}
