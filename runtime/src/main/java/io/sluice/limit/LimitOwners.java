package io.sluice.limit;

import com.typesafe.config.Config;
import io.sluice.cluster.Ask;
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

  /** Pause before an owner that was stopping is asked again. */
  private static final long AGAIN_AFTER_MILLIS = 20;

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Duration answerWithin;

  LimitOwners(ActorSystem<?> system, InstantSource clock) {
    var config = system.settings().config().getConfig("sluice.limit");
    var settings = settings(config);
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.answerWithin = system.settings().config().getDuration("sluice.answer-within");
    sharding.init(
        Entity.of(
                TYPE,
                entity ->
                    LimitActor.create(
                        entity.getEntityId(),
                        settings,
                        clock,
                        self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self))))
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
   * moving. Fails with {@link StoreUnavailable} if there is no answer in time; the command may have
   * taken effect then, and repeating it is safe.
   */
  CompletableFuture<LimitReply> ask(UUID id, LimitCommand command) {
    return ask(id, command, answerWithin);
  }

  CompletableFuture<LimitReply> ask(UUID id, LimitCommand command, Duration within) {
    var owner = sharding.entityRefFor(TYPE, OwnerKey.of(id));
    return Ask.<LimitActor.Message, LimitReply>ask(
            owner, replyTo -> new LimitActor.Execute(command, replyTo), within)
        .handle(
            (reply, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(reply)
                    : CompletableFuture.<LimitReply>failedFuture(
                        new StoreUnavailable(
                            "The owner of a limit did not answer within " + within, failure)))
        .thenCompose(answer -> answer)
        .thenCompose(
            reply ->
                reply instanceof LimitReply.AskAgain
                    ? later().thenCompose(again -> ask(id, command, within))
                    : CompletableFuture.completedFuture(reply));
  }

  /** Tells {@code listener} the figures of {@code id}, until the answer is run. */
  Runnable watch(UUID id, Consumer<LimitFigures> listener) {
    var owner = sharding.entityRefFor(TYPE, OwnerKey.of(id));
    var watch =
        system.systemActorOf(
            LimitWatch.of(owner, listener), "limit-watch-" + UUID.randomUUID(), Props.empty());
    return () -> LimitWatch.stop(watch);
  }

  private static CompletableFuture<Void> later() {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(
            AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS, Runnable::run));
  }
}
