package io.sluice.load;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice-load scale}: whether a full store makes a server slow. */
@Command(
    name = "scale",
    description = {
      "Fills a server with flow runs and measures, at each level, how long listings, creation and",
      "changes of state take, one request at a time. Runs that it has already count."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScaleCommand implements Callable<Integer> {
  private static final int RUNS_MAX = 10_000_000;
  private static final int TIMES_MAX = 100_000;
  private static final int WARM_UP_LISTINGS = 40;
  private static final int WARM_UP_CHANGES = 1000;
  private static final int WARM_UP_TIMES = 10;
  private static final int TOLD_EVERY = 10_000;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:4200/api",
      converter = ApiUrl.class,
      description = "API of the server. Default: ${DEFAULT-VALUE}.")
  private URI url;

  @Option(
      names = "--runs",
      paramLabel = "N,…",
      split = ",",
      defaultValue = "1000,10000,100000",
      description = "Levels: flow runs in the store, at most 10000000. Default: ${DEFAULT-VALUE}.")
  private List<Integer> runs;

  @Option(
      names = "--listings",
      paramLabel = "N",
      defaultValue = "40",
      description = "How often each listing is asked for at a level. Default: ${DEFAULT-VALUE}.")
  private int listings;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "400",
      description =
          "How many runs are created and completed at a level. Default: ${DEFAULT-VALUE}.")
  private int changes;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there, too.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    runs.forEach(level -> within("--runs", level, RUNS_MAX));
    within("--listings", listings, TIMES_MAX);
    within("--changes", changes, TIMES_MAX);
    var client = new PlainClient(url);
    var levels = new TreeMap<Integer, Map<String, Histogram>>();
    try (var store = new ScaleStore(client)) {
      var probe = new ScaleProbe(client, store);
      tell("warming up");
      probe.measure(
          Math.min(listings, WARM_UP_LISTINGS), Math.min(changes * WARM_UP_TIMES, WARM_UP_CHANGES));
      for (int level : runs.stream().sorted().distinct().toList()) {
        if (store.stored() < level) {
          tell("filling from %d to %d flow runs".formatted(store.stored(), level));
          store.fillTo(level, this::filled);
        } else {
          tell("there are %d flow runs already, %d are asked for".formatted(store.stored(), level));
        }
        tell("measuring at %d flow runs".formatted(store.stored()));
        levels.put(store.stored(), probe.measure(listings, changes));
      }
    }
    return report(new ScaleReport(levels));
  }

  private int report(ScaleReport report) {
    var out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    if (json != null) {
      BurstReport.write(report.json(), json);
    }
    return 0;
  }

  private void filled(int stored) {
    if (stored > 0 && stored % TOLD_EVERY == 0) {
      tell("  %d".formatted(stored));
    }
  }

  private void tell(String what) {
    var err = spec.commandLine().getErr();
    err.println(what);
    err.flush();
  }

  private void within(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          spec.commandLine(), "%s must be 1 to %d, not %d".formatted(option, most, value));
    }
  }
}
