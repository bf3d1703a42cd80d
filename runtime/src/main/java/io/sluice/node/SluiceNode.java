package io.sluice.node;

import com.typesafe.config.Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.metric.NodeMeters;
import io.sluice.store.MicroClock;
import io.sluice.store.Store;
import io.sluice.store.StoreSettings;
import io.sluice.store.SystemStore;
import io.sluice.store.SystemStore.StoreSetup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** One node: its store, its actor system, and the owners it can reach. */
public final class SluiceNode implements AutoCloseable {
  private final InstantSource clock;
  private final Store store;
  private final boolean ownsStore;
  private final ActorSystem<?> system;
  private final Owners owners;
  private final Readiness readiness;
  private final Optional<NodeMeters> meters;

  private SluiceNode(
      ActorSystem<?> system,
      Store store,
      boolean ownsStore,
      InstantSource clock,
      Optional<MeterRegistry> registry) {
    this.clock = new MicroClock(clock);
    this.store = store;
    this.ownsStore = ownsStore;
    this.system = system;
    var config = system.settings().config().getConfig("sluice");
    this.meters = NodeMeters.of(registry, config, this.clock);
    meters.ifPresent(m -> m.measure(store));
    meters.ifPresent(m -> m.measure(system, SluiceVersion.current()));
    this.owners = new Owners(system, store, this.clock, meters);
    this.readiness = Readiness.of(system, store);
  }

  /**
   * Starts a node that is a cluster of its own.
   *
   * @param config complete, with the reference configurations of the class path
   * @throws io.sluice.store.StoreUnavailable if the store cannot be opened
   */
  public static SluiceNode startAlone(Config config, InstantSource clock) {
    return startAlone(config, clock, Optional.empty());
  }

  /**
   * The same with a registry for what the node measures.
   *
   * @param registry empty to measure nothing
   */
  public static SluiceNode startAlone(
      Config config, InstantSource clock, Optional<MeterRegistry> registry) {
    return start(
        config,
        clock,
        registry,
        system -> {
          var cluster = Cluster.get(system);
          cluster.manager().tell(Join.create(cluster.selfMember().address()));
        });
  }

  /**
   * Starts a node of a cluster. It answers once it is a member: see {@link #readiness()}.
   *
   * @param config complete, with the reference configurations of the class path
   * @param registry for what the node measures; empty to measure nothing
   * @param join has the system join a cluster; called when its owners can be placed
   * @throws io.sluice.store.StoreUnavailable if the store cannot be opened
   */
  public static SluiceNode start(
      Config config,
      InstantSource clock,
      Optional<MeterRegistry> registry,
      Consumer<ActorSystem<?>> join) {
    var store = Store.open(StoreSettings.from(config.getConfig("sluice")));
    try {
      var system =
          ActorSystem.<Void>create(
              Behaviors.empty(),
              "sluice",
              ActorSystemSetup.create(BootstrapSetup.create(config), new StoreSetup(store)));
      var node = started(system, store, clock, registry);
      join.accept(system);
      node.installBlocks();
      return node;
    } catch (RuntimeException failed) {
      store.close();
      throw failed;
    }
  }

  private static SluiceNode started(
      ActorSystem<?> system, Store store, InstantSource clock, Optional<MeterRegistry> registry) {
    try {
      return SystemNode.of(system, () -> new SluiceNode(system, store, true, clock, registry));
    } catch (RuntimeException failed) {
      system.terminate();
      throw failed;
    }
  }

  /**
   * Makes {@code system} a node, which answers once the system is a member of a cluster; joining
   * one is up to whoever created the system. Asked again, it returns the same node. The store is
   * the one that the system's configuration names; it is closed when the system has ended.
   *
   * @param system created with a configuration made by {@link SluiceConfig#over}
   * @throws IllegalArgumentException if its configuration is another one
   * @throws io.sluice.store.StoreUnavailable if the store cannot be opened
   */
  public static SluiceNode on(ActorSystem<?> system, InstantSource clock) {
    return on(system, clock, Optional.empty());
  }

  /**
   * The same with a registry for what the node measures. Asked again, the node keeps the registry
   * that it has.
   *
   * @param registry empty to measure nothing
   */
  public static SluiceNode on(
      ActorSystem<?> system, InstantSource clock, Optional<MeterRegistry> registry) {
    SluiceConfig.check(system);
    return SystemNode.of(
        system,
        () ->
            new SluiceNode(
                system, SystemStore.of(Adapter.toClassic(system)), false, clock, registry));
  }

  /** The node that {@code system} is, once it was started as one. */
  public static Optional<SluiceNode> find(org.apache.pekko.actor.ActorSystem system) {
    return SystemNode.find(system);
  }

  private void installBlocks() {
    owners
        .blocks()
        .installProtected()
        // Another node that starts on the same new database was faster.
        .exceptionallyCompose(
            failure ->
                Store.isDuplicate(failure)
                    ? owners.blocks().installProtected()
                    : CompletableFuture.failedFuture(failure))
        .exceptionally(
            failure -> {
              system.log().warn("The types of blocks that clients count on are missing", failure);
              return null;
            });
  }

  public InstantSource clock() {
    return clock;
  }

  public Store store() {
    return store;
  }

  public ActorSystem<?> system() {
    return system;
  }

  public Owners owners() {
    return owners;
  }

  /** Whether the node can answer now. */
  public Readiness readiness() {
    return readiness;
  }

  /** Stops the owners, then closes the store; waits at most {@code within} for the owners. */
  public void stop(Duration within) {
    system.terminate();
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
      system.log().warn("Owners did not stop within {} s", within.toSeconds());
    }
    owners.close();
    meters.ifPresent(NodeMeters::close);
    if (ownsStore) {
      store.close();
    }
  }

  @Override
  public void close() {
    stop(Duration.ofSeconds(10));
  }
}
