package io.sluice.cluster;

import java.time.Duration;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;

/**
 * Whether a node can be sure that its owners still have their place. One that stood still for as
 * long as others take to put it out of the cluster (a stopped process, a frozen machine) may have
 * been replaced without knowing, and is not sure until it would have heard of it. Whatever an owner
 * writes is refused then; this is for what it answers without writing.
 */
public final class Pulse implements Extension {
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Id ID = new Id();

  private final Cluster cluster;
  private final Beats beats;

  private Pulse(ExtendedActorSystem classic) {
    var system = Adapter.toTyped(classic);
    var config = system.settings().config().getConfig("sluice.standstill");
    this.cluster = Cluster.get(classic);
    this.beats =
        new Beats(
            config.getDuration("longest"), config.getDuration("unsure-for"), System.nanoTime());
    system
        .scheduler()
        .scheduleWithFixedDelay(
            EVERY, EVERY, () -> beats.beat(System.nanoTime()), system.executionContext());
  }

  public static Pulse of(ActorSystem<?> system) {
    return ID.get(Adapter.toClassic(system));
  }

  /** Always true of a node that is a cluster of its own: nobody else could take its place. */
  public boolean isSure() {
    return beats.isSure(System.nanoTime()) || cluster.state().members().size() <= 1;
  }

  private static final class Id extends AbstractExtensionId<Pulse> {
    @Override
    public Pulse createExtension(ExtendedActorSystem system) {
      return new Pulse(system);
    }
  }
}
