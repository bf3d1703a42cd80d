package io.sluice.load.faults;

import io.sluice.load.Recorder;
import io.sluice.load.Timers;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that take, hold and give back slots without end, until they are told to stop. */
final class SlotClients implements AutoCloseable {
  private static final Duration RENEW_EVERY = Duration.ofSeconds(1);
  private static final Duration COUNT_EVERY = Duration.ofMillis(100);
  private static final Duration REST = Duration.ofMillis(2);
  private static final int THREADS = 4;

  private final ExecutorService executor =
      Executors.newFixedThreadPool(THREADS, SlotClients::daemon);
  private final Timers timers = new Timers(executor);
  private final SlotClient.Around around;
  private final Random seeds;
  private final List<CompletableFuture<Void>> running = new ArrayList<>();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private volatile boolean over;
  private volatile boolean gaveUp;

  /**
   * @param nodes the APIs; each client begins with another one
   */
  SlotClients(List<URI> nodes, Stock stock, Recorder recorder, long seed) {
    var http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(executor)
            .build();
    this.around = new SlotClient.Around(nodes, stock, http, timers, recorder, () -> gaveUp);
    this.seeds = new Random(seed);
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "slot-client");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts so many clients of one habit. */
  void start(String name, int count, Habit habit) {
    for (int number = 1; number <= count; number++) {
      var client = new SlotClient(name + "-" + number, number, around);
      var done = new CompletableFuture<Void>();
      running.add(done);
      round(client, habit, new Random(seeds.nextLong()), done);
    }
  }

  /** Starts one that reads how many slots of each limit are taken, one after the other. */
  void startCounting() {
    var done = new CompletableFuture<Void>();
    running.add(done);
    count(new SlotClient("counter", 0, around), 0, done);
  }

  private void count(SlotClient client, int number, CompletableFuture<Void> done) {
    if (over) {
      done.complete(null);
      return;
    }
    var names = List.copyOf(around.stock().limits().keySet());
    client
        .count(names.get(number % names.size()))
        .thenCompose(taken -> timers.after(COUNT_EVERY))
        .whenComplete(
            (next, failure) -> goOn(failure, done, () -> count(client, number + 1, done)));
  }

  private void goOn(Throwable failure, CompletableFuture<Void> done, Runnable next) {
    if (failure == null) {
      next.run();
    } else {
      problems.add(failure.toString());
      done.complete(null);
    }
  }

  private void round(SlotClient client, Habit habit, Random random, CompletableFuture<Void> done) {
    if (over) {
      done.complete(null);
      return;
    }
    var names = habit.want(random).stream().map(name -> around.stock().of(name).name()).toList();
    client
        .acquire(names, habit.patience(), habit.patient())
        .thenCompose(
            lease ->
                lease.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : hold(client, habit, random, lease.get()))
        .thenCompose(held -> timers.after(REST))
        .whenComplete(
            (next, failure) -> goOn(failure, done, () -> round(client, habit, random, done)));
  }

  private CompletableFuture<Void> hold(
      SlotClient client, Habit habit, Random random, SlotClient.Lease lease) {
    long until = System.nanoTime() + habit.hold(random).toNanos();
    boolean twice = random.nextInt(habit.twice()) == 0;
    return holdUntil(client, habit, lease, until)
        .thenCompose(
            kept -> kept ? release(client, lease, twice) : CompletableFuture.completedFuture(null));
  }

  /** False if the lease was refused its renewal. */
  private CompletableFuture<Boolean> holdUntil(
      SlotClient client, Habit habit, SlotClient.Lease lease, long until) {
    var left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    if (!habit.renews() || left.compareTo(RENEW_EVERY) < 0) {
      return timers.after(left).thenApply(held -> true);
    }
    return timers
        .after(RENEW_EVERY)
        .thenCompose(next -> client.renew(lease))
        .thenCompose(
            renewed ->
                renewed
                    ? holdUntil(client, habit, lease, until)
                    : CompletableFuture.completedFuture(gaveUp));
  }

  private static CompletableFuture<Void> release(
      SlotClient client, SlotClient.Lease lease, boolean twice) {
    var released = client.release(lease);
    return twice ? released.thenCompose(done -> client.release(lease)) : released;
  }

  /** Nobody asks for anything new from now on. */
  void stop() {
    over = true;
  }

  /**
   * Waits until all have given back what they held and were granted what they waited for; those
   * that are not after {@code within} give up.
   *
   * @return whether all had ended in time
   */
  boolean drain(Duration within) {
    stop();
    var all = CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
    try {
      all.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException late) {
      gaveUp = true;
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** How many slots of a limit are taken, asked anew; -1 if nobody says. */
  int count(String limit) {
    return new SlotClient("last-counter", 0, around).count(limit).join();
  }

  /** What clients ended by: refusals that nobody expects. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() {
    gaveUp = true;
    over = true;
    timers.close();
    executor.shutdownNow();
  }
}
