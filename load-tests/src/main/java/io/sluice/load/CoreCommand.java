package io.sluice.load;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice-load core}: what the decisions of owners cost, without network and store. */
@Command(
    name = "core",
    description = {
      "Measures with JMH what the decisions of a limit's owner cost, for lines and holders of",
      "different lengths: nothing should grow with the line but what counts it. About 4 minutes."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CoreCommand implements Callable<Integer> {
  @Option(
      names = "--only",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description = "Of handOver, turnAway, renew and lookAround, those that match. Default: all.")
  private String only;

  @Override
  public Integer call() throws RunnerException {
    var options = new OptionsBuilder().include("LimitBenchmark.*\\.(" + only + ")$").build();
    return new Runner(options).run().isEmpty() ? 1 : 0;
  }
}
