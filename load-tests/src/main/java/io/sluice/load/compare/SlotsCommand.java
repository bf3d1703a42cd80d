package io.sluice.load.compare;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What the workloads have in common whose clients are all to be served slots: exits and bounds. */
@Command(
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all were served by A, and the limit was kept",
      "1:they were not, or it was not, or a server could not be used",
      "2:wrong usage"
    })
abstract class SlotsCommand implements Callable<Integer> {
  static final int SLOTS_MAX = 1000;
  static final Duration HOLD_MIN = Duration.ofMillis(1);
  static final Duration HOLD_MAX = Duration.ofMinutes(10);
}
