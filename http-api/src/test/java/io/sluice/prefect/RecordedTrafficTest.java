package io.sluice.prefect;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.prefect.Replay.Compared;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** See {@code src/test/resources/recorded/README.md} for where the recordings come from. */
@DisplayName("What Prefect's clients sent to Prefect 3.8.8, sent to Sluice,")
class RecordedTrafficTest {
  /** So many requests are in the recordings; fewer would mean that some are not read. */
  private static final int REQUESTS = 1555;

  private static final ToleratedDifferences TOLERATED = new ToleratedDifferences();
  private static List<Compared> compared;

  @BeforeAll
  static void replay() {
    compared = Replay.of(Recording.steps(), TOLERATED);
    var perScenario =
        compared.stream()
            .filter(each -> !each.recorded().prepared())
            .collect(groupingBy(c -> c.recorded().scenario(), TreeMap::new, counting()));
    System.out.printf("%d recorded requests compared: %s%n", compared.size(), perScenario);
  }

  @TestFactory
  Stream<DynamicTest> is_answered_the_same_in_scenario() {
    return compared.stream().map(each -> each.recorded().scenario()).distinct().map(this::scenario);
  }

  private DynamicTest scenario(String name) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            assertThat(
                    compared.stream()
                        .filter(each -> each.recorded().scenario().equals(name))
                        .flatMap(RecordedTrafficTest::described))
                .isEmpty());
  }

  private static Stream<String> described(Compared compared) {
    var recorded = compared.recorded();
    return compared.differences().stream()
        .map(difference -> "%s %s: %s".formatted(recorded.method(), recorded.path(), difference));
  }

  @Test
  void is_compared_as_a_whole() {
    assertThat(compared).hasSize(REQUESTS);
  }

  @Test
  void differs_in_everything_that_is_tolerated() {
    assertThat(TOLERATED.unused()).isEmpty();
  }
}
