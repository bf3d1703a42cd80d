package io.sluice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.node.SluiceConfig;
import io.sluice.node.SluiceNode;
import io.sluice.node.SluiceVersion;
import io.sluice.store.DataDir;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Limits, leases and rates for a JVM service, from a node in its own process or from a cluster that
 * it joins.
 *
 * <pre>{@code
 * try (var sluice = Sluice.embedded(Path.of("/var/lib/billing/sluice"))) {
 *   sluice.define(LimitDefinition.of("printer", 2));
 *   try (Lease lease = sluice.awaitLease("printer", Duration.ofSeconds(30))) {
 *     printer.print(invoice, lease.fencingToken());
 *   }
 * }
 * }</pre>
 *
 * <p>Limits, leases and their tokens are on the device when a call has returned, and outlive a kill
 * of the process: after a start on the same data every lease has its full duration again. Who waits
 * is in memory only.
 *
 * <p>Methods that wait do so for at most the given time, and 2 s more if an owner does not answer;
 * an interrupt ends the wait. However a wait ends without a grant, its place in line is left, and
 * slots that were granted in the same moment are given back. Who waits longest goes first, except
 * for {@linkplain LeaseRequest#priority() priority}; who asks for many slots is not overtaken by
 * those who ask for few.
 *
 * <p>All methods may be called from any thread. They fail with a {@link SluiceException}, whose
 * message says what to do; {@link SluiceException.Unavailable} and {@link SluiceException.Closed}
 * are possible everywhere and not mentioned again.
 */
public final class Sluice implements AutoCloseable {
  private final SluiceNode node;
  private final Runnable stopNode;
  private final LibrarySettings settings;
  private final Threads threads;
  private final Definitions definitions;
  private final Desk desk;
  private final Listeners listeners;
  private final AsyncSluice async;
  private volatile Cancellable withSystem;
  private boolean closed;

  private Sluice(SluiceNode node, Runnable stopNode) {
    this.node = node;
    this.stopNode = stopNode;
    this.settings = LibrarySettings.from(node.system().settings().config().getConfig("sluice"));
    this.threads = new Threads(settings);
    this.definitions = new Definitions(node.owners().limits(), node.clock());
    this.desk = new Desk(node, definitions, threads, settings);
    this.listeners = new Listeners(node.owners().limits(), threads, settings);
    this.async = new AsyncSluice(definitions, desk, threads);
  }

  /**
   * Starts a node in this process, with its data in {@code dataDir} and no other part needed. No
   * other process can use the directory until this Sluice is closed or its process ends.
   *
   * @param dataDir made if it does not exist; must be empty or of an earlier start
   * @return when the node answers, within 30 s
   * @throws io.sluice.store.DataDirUnusable if the directory is somebody else's, in use, damaged or
   *     not writable; nothing in it was changed
   * @throws io.sluice.store.StoreUnavailable if its database cannot be opened
   */
  public static Sluice embedded(Path dataDir) {
    return embedded(dataDir, ConfigFactory.empty());
  }

  /**
   * The same with settings other than the defaults, which stand in {@code reference.conf}.
   *
   * @param overrides for example {@code sluice.library.requests-max}; stronger than system
   *     properties and the program's {@code application.conf}
   */
  public static Sluice embedded(Path dataDir, Config overrides) {
    return embedded(dataDir, overrides, Optional.empty());
  }

  /**
   * The same, measured: what README lists as metrics of limits, store and cluster is in {@code
   * registry}, which stays the program's own.
   */
  public static Sluice embedded(Path dataDir, Config overrides, MeterRegistry registry) {
    return embedded(dataDir, overrides, Optional.of(registry));
  }

  private static Sluice embedded(Path dataDir, Config overrides, Optional<MeterRegistry> registry) {
    var directory = dataDir.toAbsolutePath().normalize();
    var config = SluiceConfig.embedded(directory, overrides);
    var clock = InstantSource.system();
    var data =
        DataDir.open(directory.resolve("sluice.mv.db"), SluiceVersion.current(), clock.instant());
    try {
      var settings = data.wasUsed() ? SluiceConfig.notNew(config) : config;
      var sluice = started(SluiceNode.startAlone(settings, clock, registry), data);
      data.markUsed();
      return sluice;
    } catch (RuntimeException failed) {
      data.close();
      throw failed;
    }
  }

  private static Sluice started(SluiceNode node, DataDir data) {
    var stopWithin = node.system().settings().config().getDuration("sluice.library.stop-within");
    return new Sluice(
            node,
            () -> {
              node.stop(stopWithin);
              data.close();
            })
        .awaitStarted();
  }

  /**
   * Makes an actor system of this process a node, which shares the limits of the cluster that the
   * system joins. The system is created with a configuration made by {@link SluiceConfig#over},
   * whose {@code sluice.store.url} names the database of that cluster: PostgreSQL, or H2 for a
   * cluster of one. Joining is up to the caller, before or while this method waits; a member of the
   * cluster that has not called this method yet can keep the others from answering.
   *
   * <p>{@link #close} ends what this Sluice waits for and holds; the system remains a node until it
   * is terminated. Called again, it returns another Sluice on the same node.
   *
   * @return when the cluster answers, within 30 s
   * @throws IllegalArgumentException if the system's configuration is another one
   * @throws io.sluice.store.StoreUnavailable if the database cannot be opened
   */
  public static Sluice on(ActorSystem<?> system) {
    return new Sluice(SluiceNode.on(system, InstantSource.system()), () -> {}).awaitStarted();
  }

  /**
   * The same, measured, if the system is not a node yet: what README lists as metrics of limits,
   * store and cluster is in {@code registry}, which stays the program's own.
   */
  public static Sluice on(ActorSystem<?> system, MeterRegistry registry) {
    var node = SluiceNode.on(system, InstantSource.system(), Optional.of(registry));
    return new Sluice(node, () -> {}).awaitStarted();
  }

  private Sluice awaitStarted() {
    node.system()
        .getWhenTerminated()
        .whenCompleteAsync((done, failure) -> close(Duration.ZERO, stopNode), Runnable::run);
    withSystem = closeWithSystem();
    try {
      definitions
          .awaitAnswer(threads)
          .get(settings.startWithin().toMillis(), TimeUnit.MILLISECONDS);
      return this;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw notStarted(interrupted);
    } catch (ExecutionException | TimeoutException failed) {
      throw notStarted(Failures.cause(failed));
    }
  }

  /** Waits end, and slots are given back, before the owners in this process stop. */
  private Cancellable closeWithSystem() {
    Supplier<CompletionStage<Done>> task =
        () ->
            CompletableFuture.supplyAsync(
                () -> {
                  close(settings.stopWithin(), () -> {});
                  return Done.getInstance();
                },
                work -> new Thread(work, "sluice-close").start());
    return CoordinatedShutdown.get(node.system())
        .addCancellableTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "close-sluice", task);
  }

  private SluiceException notStarted(Throwable why) {
    close();
    return new SluiceException.Unavailable(
        "No owner answered within %d s; is the system '%s' a member of its cluster?"
            .formatted(settings.startWithin().toSeconds(), node.system().name()),
        why);
  }

  // ---- limits ----

  /**
   * Makes the limit what {@code definition} says, whether it exists or not. Who holds slots keeps
   * them, and it stays disabled if it was.
   *
   * @return the limit afterwards
   */
  public LimitState define(LimitDefinition definition) throws InterruptedException {
    return await(() -> desk.call(() -> definitions.define(definition)));
  }

  /** The limit as it is now; empty if there is none of that name. */
  public Optional<LimitState> find(String limit) throws InterruptedException {
    return await(() -> desk.call(() -> definitions.find(limit)));
  }

  /**
   * Changes how many slots a limit has. With more, those in line who now fit have their slots at
   * once. With fewer, nothing is taken from anybody: nobody is granted until enough came back, and
   * who waits for more than there are fails with {@link SluiceException.Refused}.
   *
   * @param slots 0 or more
   * @return the limit afterwards
   * @throws SluiceException.NoSuchLimit if there is none of that name
   */
  public LimitState resize(String limit, int slots) throws InterruptedException {
    return await(() -> desk.call(() -> definitions.resize(limit, slots)));
  }

  /**
   * Lets the limit hold requests back again.
   *
   * @return the limit afterwards
   * @throws SluiceException.NoSuchLimit if there is none of that name
   */
  public LimitState enable(String limit) throws InterruptedException {
    return await(() -> desk.call(() -> definitions.enable(limit, true)));
  }

  /**
   * Lets everybody pass, those in line at once; no slots are taken until it is enabled again.
   *
   * @return the limit afterwards
   * @throws SluiceException.NoSuchLimit if there is none of that name
   */
  public LimitState disable(String limit) throws InterruptedException {
    return await(() -> desk.call(() -> definitions.enable(limit, false)));
  }

  /**
   * Deletes a limit. Leases of it are lost, and who waits for it fails with {@link
   * SluiceException.NoSuchLimit}. (When it is deleted through Prefect's API, as by {@code prefect
   * gcl delete}, its leases end by themselves, as with Prefect 3.8.8.)
   *
   * @return false if there was none of that name
   */
  public boolean delete(String limit) throws InterruptedException {
    return await(() -> desk.call(() -> definitions.delete(limit)));
  }

  /**
   * Tells {@code listener} how a limit is now, and each time that changes.
   *
   * @return ends the telling when closed
   * @throws SluiceException.NoSuchLimit if there is none of that name
   * @throws SluiceException.TooMany if 1000 listeners are registered already
   */
  public LimitListener.Registration listen(String limit, LimitListener listener)
      throws InterruptedException {
    return await(() -> desk.call(() -> listeners.add(limit, listener)));
  }

  // ---- slots ----

  /** One slot of {@code limit}: as {@link #awaitLease(LeaseRequest, Duration)}. */
  public Lease awaitLease(String limit, Duration atMost) throws InterruptedException {
    return awaitLease(LeaseRequest.of(limit), atMost);
  }

  /**
   * Waits for slots and holds them until the lease is closed or lost. Of several limits it holds
   * the slots of all or of none, and none while it waits, so that no set of requests can deadlock.
   *
   * @param atMost how long to wait; zero does not wait
   * @throws SluiceException.NotInTime if the slots did not come free in that time
   * @throws SluiceException.NoSuchLimit if a limit does not exist, or is deleted meanwhile
   * @throws SluiceException.Refused if more slots are asked for than a limit has, or its line is
   *     full
   * @throws SluiceException.TooMany if this process holds or waits for 10,000 leases already
   * @throws InterruptedException if the thread is interrupted before or while it waits
   */
  public Lease awaitLease(LeaseRequest request, Duration atMost) throws InterruptedException {
    return await(() -> desk.lease(request, atMost)).orElseThrow();
  }

  /** One slot of {@code limit}: as {@link #tryLease(LeaseRequest)}. */
  public Optional<Lease> tryLease(String limit) throws InterruptedException {
    return tryLease(LeaseRequest.of(limit));
  }

  /**
   * Holds slots if they are free and nobody waits for them; returns as soon as the owners answer.
   * Fails as {@link #awaitLease(LeaseRequest, Duration)}.
   *
   * @return empty if there is no room
   */
  public Optional<Lease> tryLease(LeaseRequest request) throws InterruptedException {
    return await(() -> desk.tryLease(request));
  }

  /** One slot by rate: as {@link #awaitRate(String, int, Duration)}. */
  public void awaitRate(String limit, Duration atMost) throws InterruptedException {
    awaitRate(limit, 1, atMost);
  }

  /**
   * Waits until {@code limit} lets {@code slots} more pass. There is nothing to give back: the
   * slots come back by time alone. The limit must refill, see {@link LimitDefinition#rate}.
   *
   * @param slots at least 1, at most as many as the limit has
   * @param atMost how long to wait; zero does not wait
   * @throws SluiceException.NotInTime if its turn did not come in that time
   * @throws SluiceException.NoSuchLimit if the limit does not exist, or is deleted meanwhile
   * @throws SluiceException.Refused if it does not refill, has fewer slots, or its line is full
   * @throws InterruptedException if the thread is interrupted before or while it waits
   */
  public void awaitRate(String limit, int slots, Duration atMost) throws InterruptedException {
    await(() -> desk.rate(limit, slots, atMost));
  }

  /**
   * Whether {@code limit} lets {@code slots} more pass now. Fails as {@link #awaitRate(String, int,
   * Duration)}.
   */
  public boolean tryRate(String limit, int slots) throws InterruptedException {
    return await(() -> desk.tryRate(limit, slots));
  }

  /** The same methods, but {@code listen}, for callers that do not block. */
  public AsyncSluice async() {
    return async;
  }

  private <T> T await(Supplier<Pending<T>> ask) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before anything was asked for");
    }
    var asked = ask.get();
    try {
      return asked.answer().get();
    } catch (InterruptedException interrupted) {
      asked.abandon(interrupted);
      throw interrupted;
    } catch (ExecutionException failed) {
      throw (SluiceException) Failures.of(failed).fillInStackTrace();
    }
  }

  // ---- the end ----

  /**
   * Ends all waits with {@link SluiceException.Closed}, waits up to 4 s until slots are given back
   * that somebody closed, and stops the node that {@link #embedded} started. Close the leases
   * first: those still open are lost, with {@link LeaseLoss#SLUICE_CLOSED}, but what they guard may
   * still be in use, so that their slots come back only when their duration has passed. Without
   * effect the second time.
   */
  @Override
  public void close() {
    close(settings.stopWithin(), stopNode);
  }

  private void close(Duration within, Runnable thenStop) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (withSystem != null) {
      withSystem.cancel();
    }
    listeners.close();
    desk.close(within);
    threads.close();
    thenStop.run();
  }
}
