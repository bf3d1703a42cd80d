package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.Kills.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The kills of a crash test")
class KillsTest {

  @Test
  void are_spread_over_creation_and_the_runs_that_finish() {
    assertThat(Kills.points(1, 100)).containsExactly(new Point(0, 50));
    assertThat(Kills.points(3, 300))
        .containsExactly(new Point(150, 0), new Point(0, 100), new Point(0, 200));
  }

  @Test
  void happen_once_each_and_in_order() {
    List<Point> killed = Collections.synchronizedList(new ArrayList<>());
    try (var kills = new Kills(Kills.points(2, 100), killed::add)) {
      kills.accept(49, 0);
      kills.accept(50, 0);
      kills.accept(51, 0);
      kills.accept(100, 49);
      assertThat(kills.awaitDone()).isEqualTo(1);
      kills.accept(100, 50);
      kills.accept(100, 51);
      assertThat(kills.awaitDone()).isEqualTo(2);
    }
    assertThat(killed).containsExactly(new Point(50, 0), new Point(0, 50));
  }
}
