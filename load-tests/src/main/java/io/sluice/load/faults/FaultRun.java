package io.sluice.load.faults;

import io.sluice.load.Recorder;
import io.sluice.load.RunsOnCluster;
import io.sluice.load.history.Entry;
import io.sluice.load.history.History;
import io.sluice.load.history.SlotChecker;
import io.sluice.load.history.SlotHistory;
import io.sluice.load.history.SlotTruth;
import io.sluice.load.history.SlotTruth.Window;
import io.sluice.load.history.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One run: clients at work, one fault, clients at work again, the end, the verdict. */
final class FaultRun {
  private static final Duration BEFORE = Duration.ofSeconds(8);
  private static final Duration AFTER = Duration.ofSeconds(10);
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration SLACK = Duration.ofSeconds(2);

  /**
   * A grant whose answer was lost with its node holds its slot until its lease ends, and each owner
   * gives it its full time anew: owners move until the load is spread again over the nodes that
   * came back, for a minute or so.
   */
  private static final Duration DRAIN_WITHIN =
      FaultsCommand.SPREAD_WITHIN.plus(FaultsCommand.LEASES_END_WITHIN);

  private static final Duration CREATED_WITHIN = Duration.ofSeconds(60);
  private static final Duration PAUSES_WITHIN = Duration.ofSeconds(30);

  /** What a grant that was decided before the fault may take to arrive. */
  private static final long UNDER_WAY_NANOS = 500_000_000L;

  private static final long CALLS_OF_PROCESS = 1_000_000_000L;

  private final TestCluster cluster;
  private final int number;
  private final FaultKind kind;
  private final RunLoad load;
  private final Random random;
  private final Path dir;
  private final Stock stock;

  /**
   * @param dir for the logs of this run; made
   */
  FaultRun(TestCluster cluster, int number, FaultKind kind, RunLoad load, long seed, Path dir) {
    this.cluster = cluster;
    this.number = number;
    this.kind = kind;
    this.load = load;
    this.random = new Random(seed);
    this.dir = dir;
    this.stock = new StockMaker(cluster).make("r" + seed + "x" + number);
  }

  Stock stock() {
    return stock;
  }

  RunResult play() {
    try {
      Files.createDirectories(dir);
      try (var recorder = new Recorder(Optional.of(dir.resolve("history.jsonl")));
          var clients = new SlotClients(cluster.apis(), stock, recorder, random.nextLong());
          var runs =
              new RunsOnCluster(
                  cluster.apis(),
                  load.runs(),
                  load.limit(),
                  load.hold(),
                  load.within(),
                  recorder)) {
        return play(recorder, clients, runs);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private RunResult play(Recorder recorder, SlotClients clients, RunsOnCluster runs)
      throws IOException {
    var burst = CompletableFuture.supplyAsync(runs::play);
    clients.start("crowd", 27, Habit.CROWD);
    clients.start("hasty", 4, Habit.HASTY);
    clients.start("quick", 12, Habit.QUICK);
    clients.start("sets", 10, Habit.SETS);
    clients.start("hasty-sets", 4, Habit.HASTY_SETS);
    clients.start("long", 4, Habit.LONG);
    clients.startCounting();
    var process =
        kind.strikesClients() ? Optional.of(process(recorder)) : Optional.<ClientProcess>empty();
    try {
      cluster.pause(BEFORE);
      cluster.await(CREATED_WITHIN, () -> runs.created() == load.runs());
      if (process.isPresent()) {
        cluster.await(Duration.ofSeconds(30), () -> isBusy(process.get()));
      }
      var strike =
          new Striker(cluster, recorder, random)
              .strike(kind, cluster.ownerOf(stock.of("hot").id()), process);
      cluster.pause(AFTER);
      var problems = new ArrayList<String>();
      clients.stop();
      process.ifPresent(p -> finish(p, problems));
      if (!clients.drain(DRAIN_WITHIN)) {
        problems.add("some clients were not done after " + DRAIN_WITHIN.toSeconds() + " s");
      }
      problems.addAll(clients.problems());
      stock.limits().keySet().forEach(clients::count);
      var ofRuns = verdict(burst, problems);
      return judge(recorder, strike, process, runs.finished(), ofRuns, problems);
    } finally {
      process.ifPresent(ClientProcess::close);
    }
  }

  private ClientProcess process(Recorder recorder) {
    return new ClientProcess("process", cluster.apis(), stock, recorder, CALLS_OF_PROCESS, dir);
  }

  private static boolean isBusy(ClientProcess process) {
    try {
      return process.entries().size() > 100;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void finish(ClientProcess process, List<String> problems) {
    if (kind == FaultKind.CLIENTS_PAUSED && !process.finish(DRAIN_WITHIN)) {
      problems.add("the clients that had been paused did not end");
    }
  }

  private static List<Violation> verdict(
      CompletableFuture<List<Violation>> burst, List<String> problems) {
    try {
      return burst.join();
    } catch (RuntimeException failed) {
      problems.add("the runs could not be judged: " + failed);
      return List.of();
    }
  }

  private RunResult judge(
      Recorder recorder,
      Strike strike,
      Optional<ClientProcess> process,
      int runs,
      List<Violation> ofRuns,
      List<String> problems)
      throws IOException {
    var entries = new ArrayList<Entry>(recorder.history().entries());
    Set<String> gone = new HashSet<>();
    if (process.isPresent()) {
      var others = process.get().entries();
      entries.addAll(others);
      if (kind == FaultKind.CLIENTS_KILLED) {
        others.forEach(entry -> gone.add(entry.actor()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::atNanos));
    var history = SlotHistory.of(new History(entries));
    var window = new Window(strike.fromNanos(), strike.toNanos() + SETTLE.toNanos(), strike.cut());
    var violations = new ArrayList<>(ofRuns);
    violations.addAll(
        SlotChecker.check(
            history, new SlotTruth(stock.sizes(), List.of(window), SLACK.toNanos(), gone)));
    var hot = history.grants(stock.of("hot").name());
    return new RunResult(
        number,
        kind,
        strike,
        history.operations(),
        history.failures(strike.fromNanos(), strike.toNanos()),
        runs,
        next(hot, strike.fromNanos()),
        pause(hot, strike.fromNanos()),
        List.copyOf(violations),
        List.copyOf(problems));
  }

  private static OptionalLong next(List<Long> grants, long strike) {
    return grants.stream()
        .mapToLong(at -> at - strike)
        .filter(after -> after > UNDER_WAY_NANOS)
        .findFirst();
  }

  /** The longest time without a grant in the time in which the fault can tell. */
  private static long pause(List<Long> grants, long strike) {
    long last = strike;
    long longest = 0;
    for (long at : grants) {
      if (at > strike && last - strike < PAUSES_WITHIN.toNanos()) {
        longest = Math.max(longest, at - last);
        last = at;
      }
    }
    return longest;
  }
}
