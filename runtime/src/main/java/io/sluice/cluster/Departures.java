package io.sluice.cluster;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** Notices that another node has left the cluster, by itself or because it died. */
final class Departures {
  /**
   * When something is done about it: sharding notices at about the same time, and what was passed
   * on to the node in between is lost too.
   */
  private static final List<Duration> AFTER =
      List.of(Duration.ofMillis(100), Duration.ofMillis(600), Duration.ofSeconds(2));

  sealed interface Message {}

  private record Left(MemberRemoved event) implements Message {}

  private record Act(int step) implements Message {}

  private Departures() {}

  /**
   * @param action run several times after each departure, in the actor's thread; may not block
   */
  static Behavior<Message> watch(Runnable action) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Cluster.get(context.getSystem())
                      .subscriptions()
                      .tell(
                          Subscribe.create(
                              context.messageAdapter(MemberRemoved.class, Left::new),
                              MemberRemoved.class));
                  return Behaviors.receive(Message.class)
                      .onMessage(
                          Left.class,
                          left -> {
                            for (int step = 0; step < AFTER.size(); step++) {
                              timers.startSingleTimer(step, new Act(step), AFTER.get(step));
                            }
                            return Behaviors.same();
                          })
                      .onMessage(
                          Act.class,
                          act -> {
                            action.run();
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
