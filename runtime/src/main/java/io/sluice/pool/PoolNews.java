package io.sluice.pool;

import io.sluice.cluster.Wire;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever listens, on all nodes, that something changed in a work pool that its workers must
 * know. At most once: what is lost between nodes is seen by the version that a heartbeat gives.
 */
public final class PoolNews {
  private static final Logger LOG = LoggerFactory.getLogger(PoolNews.class);

  /** The pool changed or is gone. */
  record Changed(UUID pool) implements Wire {}

  private final Map<UUID, Set<Runnable>> listeners = new ConcurrentHashMap<>();
  private final ActorRef<Topic.Command<Changed>> topic;

  PoolNews(ActorSystem<?> system) {
    this.topic =
        system.systemActorOf(
            Topic.create(Changed.class, "work-pool-changes"),
            "sluice-work-pool-changes",
            Props.empty());
    topic.tell(
        Topic.subscribe(
            system.systemActorOf(
                hearing(this::heard), "sluice-work-pool-changes-heard", Props.empty())));
  }

  private static Behavior<Changed> hearing(Consumer<Changed> heard) {
    return Behaviors.receive(Changed.class)
        .onAnyMessage(
            changed -> {
              heard.accept(changed);
              return Behaviors.same();
            })
        .build();
  }

  private void heard(Changed changed) {
    for (var listener : listeners.getOrDefault(changed.pool(), Set.of())) {
      try {
        listener.run();
      } catch (RuntimeException deaf) {
        LOG.warn("A listener failed on a change of work pool {}", changed.pool(), deaf);
      }
    }
  }

  /** Says that {@code pool} changed; called by its owner, after it was written. */
  void changed(UUID pool) {
    topic.tell(Topic.publish(new Changed(pool)));
  }

  /**
   * Runs {@code heard} after each change of {@code pool} from now on. It must not block.
   *
   * @return ends the listening
   */
  public Runnable listen(UUID pool, Runnable heard) {
    listeners.compute(
        pool,
        (id, known) -> {
          var all = known == null ? ConcurrentHashMap.<Runnable>newKeySet() : known;
          all.add(heard);
          return all;
        });
    return () ->
        listeners.computeIfPresent(
            pool,
            (id, known) -> {
              known.remove(heard);
              return known.isEmpty() ? null : known;
            });
  }
}
