package io.sluice.limit;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Watches one limit: asks its owner, and asks again before the owner forgets, so that an owner that
 * moved or a watcher that is gone leaves nothing behind.
 */
final class LimitWatch {
  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(10);

  interface Message {}

  private enum Own implements Message {
    ASK,
    STOP
  }

  private LimitWatch() {}

  /**
   * @param listener told the figures at the beginning and after each change, in the actor's thread;
   *     the last time when the limit is deleted
   */
  static Behavior<Message> of(
      EntityRef<LimitActor.Message> owner, Consumer<LimitFigures> listener) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Own.ASK, Duration.ZERO, ASK_AGAIN_AFTER);
                  return Behaviors.receive(Message.class)
                      .onMessageEquals(
                          Own.ASK,
                          () -> {
                            owner.tell(new LimitActor.Watch(context.getSelf().narrow()));
                            return Behaviors.same();
                          })
                      .onMessageEquals(Own.STOP, Behaviors::stopped)
                      .onMessage(
                          LimitFigures.class,
                          figures -> {
                            listener.accept(figures);
                            return figures.exists() ? Behaviors.same() : Behaviors.stopped();
                          })
                      .build();
                }));
  }

  static void stop(ActorRef<Message> watch) {
    watch.tell(Own.STOP);
  }
}
