package io.sluice.load;

import io.sluice.load.BurstPlan.Collision;
import io.sluice.load.history.Figures;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice-load burst}: one burst against a running server. */
@Command(
    name = "burst",
    description = {
      "Creates runs of a deployment with a concurrency limit, all at once, and runs them as Prefect's",
      "workers do. Says how well the slots were used."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "%nOn the server's machine, run this with java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC:",
      "it then takes less than half of the processor time, which the server needs."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all runs ended, the limit was kept",
      "1:they did not, or it was not, or the server could not be used",
      "2:wrong usage"
    })
final class BurstCommand implements Callable<Integer> {
  private static final Duration SLOTS_FREE_WITHIN = Duration.ofSeconds(2);

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:4200/api",
      converter = ApiUrl.class,
      description = "API of the server. Default: ${DEFAULT-VALUE}.")
  private URI url;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Workers, 1 to 50, with 16 connections each. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--collision",
      paramLabel = "STRATEGY",
      defaultValue = "ENQUEUE",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Collision collision;

  @Mixin private BurstOptions options;
  @Mixin private BurstOutput output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var plan = options.plan(url, workers, collision, Optional.empty(), false);
    var progress = new Progress((created, finished) -> {});
    try (var recorder = new Recorder(Optional.empty());
        var burst = new Burst(plan, recorder, progress)) {
      if (!output.quiet()) {
        var err = spec.commandLine().getErr();
        burst.timers().every(ProgressLine.EVERY, new ProgressLine(err, progress, plan.runs()));
      }
      var stage = burst.play();
      var figures = Figures.of(recorder.history(), plan.limit(), plan.hold());
      return report(new BurstReport(plan, figures, slotsLeft(burst, stage)));
    }
  }

  private static Map<String, Integer> slotsLeft(Burst burst, Stage stage) {
    try {
      return burst.inspector().slotsLeft(stage, SLOTS_FREE_WITHIN).join();
    } catch (CompletionException failed) {
      throw new Failure(
          "The server does not say which slots are left: %s"
              .formatted(ApiClient.cause(failed).getMessage()),
          "See its log for why.",
          failed);
    }
  }

  private int report(BurstReport report) {
    var out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    output.json().ifPresent(file -> BurstReport.write(report.json(), file));
    var err = spec.commandLine().getErr();
    report.faults().forEach(fault -> err.println("FAULT: " + fault));
    err.flush();
    return report.faults().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
