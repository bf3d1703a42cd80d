package io.sluice.load.faults;

import io.sluice.load.Durations;
import io.sluice.load.Failure;
import io.sluice.load.Recorder;
import io.sluice.load.Timers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice-load faults}: a cluster, everything that can happen to it, and a verdict. */
@Command(
    name = "faults",
    description = {
      "Starts PostgreSQL and three nodes of its own, lets 60 clients and a burst of runs use them, lets",
      "faults strike, and proves from the log of all requests that nothing was lost, nobody let in",
      "twice and nobody left waiting. Needs PostgreSQL; to cut nodes off also root, ip and iptables."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no rule was broken, and each fault was seen to hit",
      "1:else, or the suite could not run",
      "2:wrong usage"
    })
public final class FaultsCommand implements Callable<Integer> {
  private static final int RUNS_MAX = 1000;
  private static final int FLOW_RUNS_MAX = 20_000;

  /** Their time, that in which a former owner may live on, and some. */
  static final Duration LEASES_END_WITHIN = Duration.ofSeconds(75);

  /** Owners no longer move so long after all nodes are back. */
  static final Duration SPREAD_WITHIN = Duration.ofSeconds(120);

  @Option(
      names = "--sluice-jar",
      paramLabel = "FILE",
      required = true,
      description = "The node to test, e.g. cluster-config/target/sluice.jar.")
  private Path jar;

  @Option(
      names = "--faults",
      paramLabel = "NAME,…",
      split = ",",
      description = {
        "kill-owner, kill-node, kill-all, stop-short, stop-long, cut-peers, cut-all, leave,",
        "postgres-restart, postgres-away, clients-killed, clients-paused, rolling. Default: all."
      })
  private List<String> faults;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs of each fault, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--flow-runs",
      paramLabel = "N",
      defaultValue = "80",
      description = "Flow runs beside the clients, 1 to 20000. Default: ${DEFAULT-VALUE}.")
  private int flowRuns;

  @Option(
      names = "--flow-run-limit",
      paramLabel = "N",
      defaultValue = "3",
      description = "Concurrency limit of their deployment. Default: ${DEFAULT-VALUE}.")
  private int flowRunLimit;

  @Option(
      names = "--flow-run-hold",
      paramLabel = "TIME",
      defaultValue = "700ms",
      converter = Durations.class,
      description = "How long each of them runs. Default: ${DEFAULT-VALUE}.")
  private Duration flowRunHold;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "For what clients choose and which nodes are struck. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "For the database and all logs; kept. Default: a temporary one.")
  private Path dir;

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      defaultValue = "4360",
      description = "First of three. Default: ${DEFAULT-VALUE}.")
  private int apiPort;

  @Option(
      names = "--cluster-port",
      paramLabel = "PORT",
      defaultValue = "17360",
      description = "First of six. Default: ${DEFAULT-VALUE}.")
  private int clusterPort;

  @Option(
      names = "--postgres-port",
      paramLabel = "PORT",
      defaultValue = "55460",
      description = "Default: ${DEFAULT-VALUE}.")
  private int postgresPort;

  @Option(
      names = "--node-option",
      paramLabel = "OPTION",
      description = "For the JVM of each node, such as -Dsluice.log.libraries=INFO; repeatable.")
  private List<String> nodeOptions = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there, too.")
  private Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    var kinds = kinds();
    within("--runs", runs, RUNS_MAX);
    within("--flow-runs", flowRuns, FLOW_RUNS_MAX);
    within("--flow-run-limit", flowRunLimit, FLOW_RUNS_MAX);
    if (!Files.isRegularFile(jar)) {
      throw wrong("--sluice-jar: there is no file %s; 'mvn package' makes it".formatted(jar));
    }
    var work = dir == null ? Files.createTempDirectory("sluice-faults-") : dir;
    Files.createDirectories(work);
    // A build beside the suite must not change the program under it.
    var program = Files.copy(jar, work.resolve("sluice.jar"));
    tell("Database, logs and histories are in " + work);
    var skipped = new ArrayList<String>();
    var network = network(kinds, skipped);
    var executor = Executors.newCachedThreadPool(FaultsCommand::daemon);
    try (var timers = new Timers(executor)) {
      var ports = new TestCluster.Ports(apiPort, clusterPort, postgresPort);
      try (var cluster = new TestCluster(program, work, ports, nodeOptions, network, timers)) {
        return report(play(cluster, kinds, work, skipped));
      }
    } finally {
      stop(executor);
    }
  }

  private static void stop(ExecutorService executor) {
    executor.shutdownNow();
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "faults");
    thread.setDaemon(true);
    return thread;
  }

  private void within(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw wrong("%s must be 1 to %d, not %d".formatted(option, most, value));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private List<FaultKind> kinds() {
    if (faults == null) {
      return new ArrayList<>(List.of(FaultKind.values()));
    }
    var kinds = new ArrayList<FaultKind>();
    for (var word : faults) {
      kinds.add(
          Arrays.stream(FaultKind.values())
              .filter(kind -> kind.word().equals(word))
              .findFirst()
              .orElseThrow(() -> wrong("--faults: there is no fault '%s'".formatted(word))));
    }
    return kinds;
  }

  /** Says loudly what cannot be tried. */
  private Network network(List<FaultKind> kinds, List<String> skipped) {
    var missing = Namespaces.missing();
    if (missing.isEmpty()) {
      return Namespaces.of(TestCluster.NODES);
    }
    for (var kind : List.copyOf(kinds)) {
      if (kind.cuts()) {
        kinds.remove(kind);
        skipped.add(kind.word() + ": " + missing.get());
        tell("SKIPPED: %s: %s".formatted(kind.word(), missing.get()));
      }
    }
    return new Loopback();
  }

  private FaultReport play(
      TestCluster cluster, List<FaultKind> kinds, Path work, List<String> skipped)
      throws IOException {
    cluster.makeWhole().forEach(this::tell);
    tell("Three nodes are up; %d runs follow".formatted(runs * kinds.size()));
    var random = new Random(seed);
    var results = new ArrayList<RunResult>();
    var stocks = new ArrayList<Stock>();
    for (int round = 0; round < runs; round++) {
      for (var kind : kinds) {
        int number = results.size() + 1;
        var name = "run-%03d-%s".formatted(number, kind.word());
        try {
          cluster.makeWhole().forEach(this::tell);
          var run =
              new FaultRun(
                  cluster,
                  number,
                  kind,
                  new RunLoad(flowRuns, flowRunLimit, flowRunHold),
                  random.nextInt(Short.MAX_VALUE),
                  work.resolve(name));
          stocks.add(run.stock());
          results.add(run.play());
        } catch (Failure failed) {
          tell("%s could not be finished: %s".formatted(name, failed.getMessage()));
          return new FaultReport(results, List.of(name + ": " + failed.getMessage()), skipped);
        }
        FaultReport.printRun(results.get(results.size() - 1), out());
      }
    }
    tell("Waiting until the leases of clients that were killed have ended");
    return new FaultReport(results, leaks(cluster, stocks), skipped);
  }

  /** Slots that are still taken although every lease has had time to end. */
  private static List<String> leaks(TestCluster cluster, List<Stock> stocks) throws IOException {
    cluster.pause(LEASES_END_WITHIN);
    var leaks = taken(cluster, stocks);
    if (!leaks.isEmpty()) {
      cluster.pause(SPREAD_WITHIN);
      leaks = taken(cluster, stocks);
    }
    return leaks;
  }

  private static List<String> taken(TestCluster cluster, List<Stock> stocks) throws IOException {
    var leaks = new ArrayList<String>();
    try (var recorder = new Recorder(Optional.empty())) {
      for (var stock : stocks) {
        try (var clients = new SlotClients(cluster.apis(), stock, recorder, 0)) {
          for (var limit : stock.limits().keySet()) {
            int taken = clients.count(limit);
            if (taken != 0) {
              leaks.add("%s: %d slots taken".formatted(limit, taken));
            }
          }
        }
      }
    }
    return leaks;
  }

  private int report(FaultReport report) throws IOException {
    report.print(out());
    out().flush();
    if (json != null) {
      Files.writeString(json, report.json().toPrettyString() + "\n");
    }
    return report.isPassed() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void tell(String what) {
    var err = spec.commandLine().getErr();
    err.println(what);
    err.flush();
  }
}
