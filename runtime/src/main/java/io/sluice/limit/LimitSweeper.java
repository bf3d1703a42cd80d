package io.sluice.limit;

import io.sluice.cluster.Together;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Wakes the owners of all named limits when this node has started and when another one has left: an
 * owner that is not in memory has no timer, so that its leases would outlive their time until
 * somebody asks for the limit. Slots of queues and pools need no waking, as their leases do not end
 * by themselves; nor do limits that are deleted, as what is left of their leases holds nothing.
 */
final class LimitSweeper extends AbstractBehavior<LimitSweeper.Message> {
  sealed interface Message {}

  private enum Sweep implements Message {
    SWEEP,
    /** This node itself has left: others wake the owners. */
    NO_MORE
  }

  /** The next limits were read and asked. */
  private record Woken(List<UUID> limits, Throwable failure) implements Message {}

  /** How many owners are woken at once; each reads its journal. */
  private static final int AT_ONCE = 50;

  /** Pause before those that did not answer are asked again. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);

  private final LimitDirectory directory;
  private final LimitOwners owners;
  private final TimerScheduler<Message> timers;
  private boolean sweeping;
  private boolean anew;

  private LimitSweeper(
      LimitDirectory directory,
      LimitOwners owners,
      ActorContext<Message> context,
      TimerScheduler<Message> timers) {
    super(context);
    this.directory = directory;
    this.owners = owners;
    this.timers = timers;
    var cluster = Cluster.get(context.getSystem());
    var events = cluster.subscriptions();
    var self = cluster.selfMember().uniqueAddress();
    events.tell(
        Subscribe.create(context.messageAdapter(SelfUp.class, up -> Sweep.SWEEP), SelfUp.class));
    events.tell(
        Subscribe.create(
            context.messageAdapter(
                MemberRemoved.class,
                gone -> gone.member().uniqueAddress().equals(self) ? Sweep.NO_MORE : Sweep.SWEEP),
            MemberRemoved.class));
  }

  static Behavior<Message> create(LimitDirectory directory, LimitOwners owners) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new LimitSweeper(directory, owners, context, timers)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Sweep.NO_MORE, Behaviors::stopped)
        .onMessageEquals(Sweep.SWEEP, this::onSweep)
        .onMessage(Woken.class, this::onWoken)
        .build();
  }

  private Behavior<Message> onSweep() {
    if (sweeping) {
      // A node may have left behind the sweep that is under way.
      anew = true;
    } else {
      wakeAfter(null);
    }
    return this;
  }

  private void wakeAfter(UUID last) {
    sweeping = true;
    getContext().pipeToSelf(directory.after(last, AT_ONCE).thenCompose(this::wake), Woken::new);
  }

  private CompletableFuture<List<UUID>> wake(List<UUID> limits) {
    var answers = limits.stream().map(limit -> owners.ask(limit, new LimitCommand.Get())).toList();
    return Together.done(answers).thenApply(all -> limits);
  }

  private Behavior<Message> onWoken(Woken woken) {
    if (woken.failure() != null) {
      getContext()
          .getLog()
          .warn(
              "Up to {} limits did not answer ({}); leases there do not expire yet; next try in {} s",
              AT_ONCE,
              woken.failure().getMessage(),
              AGAIN_AFTER.toSeconds());
      sweeping = false;
      timers.startSingleTimer(Sweep.SWEEP, AGAIN_AFTER);
    } else if (!woken.limits().isEmpty()) {
      wakeAfter(woken.limits().get(woken.limits().size() - 1));
    } else if (anew) {
      anew = false;
      wakeAfter(null);
    } else {
      sweeping = false;
    }
    return this;
  }
}
