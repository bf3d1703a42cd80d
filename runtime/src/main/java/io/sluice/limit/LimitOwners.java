package io.sluice.limit;

import com.typesafe.config.Config;
import io.sluice.cluster.Ask;
import io.sluice.cluster.Once;
import io.sluice.cluster.Pulse;
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** Where the owners of limits are, and how to ask them. */
final class LimitOwners {
  static final EntityTypeKey<LimitActor.Message> TYPE =
      EntityTypeKey.create(LimitActor.Message.class, "limit");

  /** Pause before an owner that was stopping is asked again; twice as long each time … */
  private static final Duration AGAIN_AFTER = Duration.ofMillis(20);

  /** … up to this: an owner whose store is away comes back as slowly. */
  private static final Duration AGAIN_AFTER_MOST = Duration.ofMillis(500);

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Duration answerWithin;
  private final Ask ask;

  LimitOwners(ActorSystem<?> system, InstantSource clock) {
    var config = system.settings().config().getConfig("sluice.limit");
    var settings = settings(config);
    var pulse = Pulse.of(system);
    this.system = system;
    this.ask = Ask.of(system);
    this.sharding = ClusterSharding.get(system);
    this.answerWithin = system.settings().config().getDuration("sluice.answer-within");
    sharding.init(
        Entity.of(
                TYPE,
                entity ->
                    Once.each(
                        LimitActor.Message.class,
                        LimitActor.create(
                            entity.getEntityId(),
                            settings,
                            clock,
                            pulse::isSure,
                            self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self)))))
            .withStopMessage(LimitActor.Stop.STOP));
  }

  private static LimitActor.Settings settings(Config config) {
    return new LimitActor.Settings(
        new LimitBounds(
            config.getInt("line-max"),
            config.getDuration("offer-for"),
            config.getDuration("place-slack")),
        config.getInt("batch-max"),
        config.getDuration("idle-for"),
        config.getInt("snapshot-every"));
  }

  /**
   * Asks the owner of {@code id}, a limit's or a lease's, and asks again if it was stopping or
   * moving. Fails with {@link StoreUnavailable} if there is no answer {@code within} that time; the
   * command may have taken effect then, and repeating it is safe.
   */
  CompletableFuture<LimitReply> ask(UUID id, LimitCommand command) {
    return ask(id, command, answerWithin);
  }

  CompletableFuture<LimitReply> ask(UUID id, LimitCommand command, Duration within) {
    return ask(id, command, System.nanoTime() + within.toNanos(), AGAIN_AFTER);
  }

  private CompletableFuture<LimitReply> ask(
      UUID id, LimitCommand command, long untilNanos, Duration pause) {
    var owner = sharding.entityRefFor(TYPE, OwnerKey.of(id));
    var left = Duration.ofNanos(untilNanos - System.nanoTime());
    return ask.<LimitActor.Message, LimitReply>ask(
            owner,
            replyTo -> new LimitActor.Execute(command, replyTo),
            longer(left, AGAIN_AFTER),
            // All others name what they are about, and change nothing the second time.
            !(command instanceof LimitCommand.GiveBack))
        .handle(
            (reply, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(reply)
                    : CompletableFuture.<LimitReply>failedFuture(unanswered(failure)))
        .thenCompose(answer -> answer)
        .thenCompose(
            reply -> {
              if (!(reply instanceof LimitReply.AskAgain)) {
                return CompletableFuture.completedFuture(reply);
              } else if (untilNanos - System.nanoTime() < pause.toNanos()) {
                return CompletableFuture.failedFuture(unanswered(null));
              }
              return later(pause)
                  .thenCompose(
                      again -> ask(id, command, untilNanos, shorter(pause.multipliedBy(2))));
            });
  }

  private static StoreUnavailable unanswered(Throwable failure) {
    return new StoreUnavailable("The owner of a limit did not answer in time", failure);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static Duration shorter(Duration pause) {
    return pause.compareTo(AGAIN_AFTER_MOST) < 0 ? pause : AGAIN_AFTER_MOST;
  }

  /**
   * Asks the owner of the limit {@code id} whether {@code token} still counts. Fails with {@link
   * StoreUnavailable} if that owner knows less than was {@code written}: it has lost its place.
   */
  CompletableFuture<Fencing> fencing(UUID id, long token, long written) {
    var owner = sharding.entityRefFor(TYPE, OwnerKey.of(id));
    return ask.<LimitActor.Message, Fencing>ask(
            owner, replyTo -> new LimitActor.Fence(token, replyTo), answerWithin)
        .thenApply(
            fencing -> {
              if (fencing.written() < written) {
                throw new StoreUnavailable("The limit is moving; ask again", null);
              }
              return fencing;
            });
  }

  /** Tells {@code listener} the figures of {@code id}, until the answer is run. */
  Runnable watch(UUID id, Consumer<LimitFigures> listener) {
    var owner = sharding.entityRefFor(TYPE, OwnerKey.of(id));
    var watch =
        system.systemActorOf(
            LimitWatch.of(owner, listener), "limit-watch-" + UUID.randomUUID(), Props.empty());
    return () -> LimitWatch.stop(watch);
  }

  private static CompletableFuture<Void> later(Duration pause) {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
  }
}
