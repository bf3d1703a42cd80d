package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The common pool of the program")
class CommonPoolTest {

  /** Runs the program; says at its end how many threads its common pool had. */
  static final class SaysParallelism {
    public static void main(String[] arguments) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () ->
                      System.out.println(
                          "parallelism " + ForkJoinPool.getCommonPoolParallelism())));
      Main.main(arguments);
    }
  }

  private static String parallelism(String... flags) throws Exception {
    try (var program =
        Program.start(Map.of(), List.of(flags), SaysParallelism.class, "--version")) {
      return program.awaitLine("parallelism (\\d+)").group(1);
    }
  }

  @Test
  void has_two_threads_where_the_jvm_would_take_one() throws Exception {
    assertThat(parallelism("-XX:ActiveProcessorCount=1")).isEqualTo("2");
    assertThat(parallelism("-XX:ActiveProcessorCount=2")).isEqualTo("2");
  }

  @Test
  void is_left_alone_with_three_processors_or_if_its_flag_is_set() throws Exception {
    assertThat(parallelism("-XX:ActiveProcessorCount=4")).isEqualTo("3");
    assertThat(parallelism("-XX:ActiveProcessorCount=2", "-D" + CommonPool.PARALLELISM + "=5"))
        .isEqualTo("5");
  }
}
