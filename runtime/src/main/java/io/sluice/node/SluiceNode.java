package io.sluice.node;

import com.typesafe.config.Config;
import io.sluice.store.JournalDatabase.StoreSetup;
import io.sluice.store.MicroClock;
import io.sluice.store.Store;
import io.sluice.store.StoreSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** One node: its store, its actor system, and the owners it can reach. */
public final class SluiceNode implements AutoCloseable {
  private final InstantSource clock;
  private final Store store;
  private final ActorSystem<Void> system;
  private final Owners owners;

  private SluiceNode(Config config, InstantSource clock) {
    this.clock = new MicroClock(clock);
    this.store = Store.open(StoreSettings.from(config.getConfig("sluice")));
    this.system =
        ActorSystem.create(
            Behaviors.empty(),
            "sluice",
            ActorSystemSetup.create(BootstrapSetup.create(config), new StoreSetup(store)));
    this.owners = new Owners(system, store, this.clock);
  }

  /**
   * Starts a node that is a cluster of its own.
   *
   * @param config complete, with the reference configurations of the class path
   * @throws io.sluice.store.StoreUnavailable if the store cannot be opened
   */
  public static SluiceNode startAlone(Config config, InstantSource clock) {
    var node = new SluiceNode(config, clock);
    var cluster = Cluster.get(node.system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    return node;
  }

  public InstantSource clock() {
    return clock;
  }

  public Store store() {
    return store;
  }

  public ActorSystem<Void> system() {
    return system;
  }

  public Owners owners() {
    return owners;
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
    store.close();
  }

  @Override
  public void close() {
    stop(Duration.ofSeconds(10));
  }
}
