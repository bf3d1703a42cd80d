package io.sluice.load;

import io.sluice.load.BurstPlan.Collision;
import io.sluice.load.history.Entry.Kind;
import io.sluice.load.history.Figures;
import io.sluice.load.history.HistoryChecker;
import io.sluice.load.history.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice-load crash}: a burst whose node is killed again and again, and a verdict. */
@Command(
    name = "crash",
    description = {
      "Starts a node of its own, kills it by SIGKILL in the midst of a burst, starts it again on the",
      "same data, and proves from the log of all requests and from the final state that no run was",
      "lost, none ran twice, the limit was kept and no slot leaked."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no rule was broken",
      "1:one was, or the test could not run",
      "2:wrong usage"
    })
final class CrashCommand implements Callable<Integer> {
  private static final int KILLS_MAX = 50;
  private static final Duration SLOTS_FREE_WITHIN = Duration.ofSeconds(10);

  @Option(
      names = "--sluice-jar",
      paramLabel = "FILE",
      required = true,
      description = "The node to test, e.g. cluster-config/target/sluice.jar.")
  private Path jar;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "3",
      description = "Kills in the midst of the burst, 1 to 50. Default: ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "3",
      description = "Workers that compete for the runs. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "For data, history.jsonl and node.log; kept. Default: a temporary one.")
  private Path dir;

  @Mixin private BurstOptions options;
  @Mixin private BurstOutput output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    options.within("--kills", kills, KILLS_MAX);
    if (!Files.isRegularFile(jar)) {
      throw new ParameterException(
          spec.commandLine(),
          "--sluice-jar: there is no file %s; 'mvn package' makes it".formatted(jar));
    }
    var work = dir == null ? Files.createTempDirectory("sluice-crash-") : dir;
    Files.createDirectories(work);
    var history = work.resolve("history.jsonl");
    var err = spec.commandLine().getErr();
    err.println("Data, history.jsonl and node.log are in " + work);
    err.flush();
    try (var recorder = new Recorder(Optional.of(history));
        var node = new NodeProcess(jar, work.resolve("data"), work.resolve("node.log"), recorder)) {
      return report(crash(node, recorder));
    }
  }

  private CrashReport crash(NodeProcess node, Recorder recorder) {
    node.start();
    // Twice the slots: pool and queue are in the game, but the deployment's limit decides.
    var plan =
        options.plan(
            node.api(), workers, Collision.ENQUEUE, Optional.of(2 * options.limit()), true);
    try (var killer = new Kills(Kills.points(kills, plan.runs()), at -> killAndStart(node, at))) {
      var progress = new Progress(killer);
      try (var burst = new Burst(plan, recorder, progress)) {
        if (!output.quiet()) {
          var err = spec.commandLine().getErr();
          burst.timers().every(ProgressLine.EVERY, new ProgressLine(err, progress, plan.runs()));
        }
        var stage = burst.play();
        int killed = killer.awaitDone();
        killAndStart(node, new Kills.Point(plan.runs(), progress.finished()));
        return judge(burst, stage, plan, recorder, killed);
      }
    }
  }

  private void killAndStart(NodeProcess node, Kills.Point at) {
    var err = spec.commandLine().getErr();
    long began = System.nanoTime();
    node.kill(at.toString());
    node.start();
    err.printf(
        "        killed with %s, back after %s%n",
        at, Durations.text(Duration.ofNanos(System.nanoTime() - began)));
    err.flush();
  }

  private CrashReport judge(
      Burst burst, Stage stage, BurstPlan plan, Recorder recorder, int killed) {
    try {
      var end = burst.inspector().finalState(stage, SLOTS_FREE_WITHIN).join();
      var history = recorder.history();
      long renewals =
          history.count(entry -> entry.op() == Op.RENEW && entry.kind() == Kind.ANSWERED);
      return new CrashReport(
          new BurstReport(plan, Figures.of(history, plan.limit(), plan.hold()), end.slots()),
          end,
          HistoryChecker.check(history, end, plan.limit()),
          killed,
          kills,
          (int) renewals);
    } catch (CompletionException failed) {
      throw new Failure(
          "The final state cannot be read: %s".formatted(ApiClient.cause(failed).getMessage()),
          "See the node's log for why.",
          failed);
    }
  }

  private int report(CrashReport report) {
    var out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    output.json().ifPresent(file -> BurstReport.write(report.json(), file));
    return report.isPassed() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
