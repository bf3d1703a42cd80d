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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The owners of limits on the nodes of a cluster, by sharding. */
final class LimitOwners extends LimitAsks {
  static final EntityTypeKey<LimitActor.Message> TYPE =
      EntityTypeKey.create(LimitActor.Message.class, "limit");

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final Ask ask;

  /**
   * @param meters a meter for each owner that comes into memory
   */
  LimitOwners(ActorSystem<?> system, InstantSource clock, Supplier<LimitMeter> meters) {
    super(system.settings().config().getDuration("sluice.answer-within"));
    var settings = settings(system.settings().config().getConfig("sluice.limit"));
    var pulse = Pulse.of(system);
    this.system = system;
    this.ask = Ask.of(system);
    this.sharding = ClusterSharding.get(system);
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
                            self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self)),
                            meters.get())))
            .withStopMessage(LimitActor.Stop.STOP));
  }

  private static LimitActor.Settings settings(Config config) {
    return new LimitActor.Settings(
        LimitBounds.of(config),
        config.getInt("batch-max"),
        config.getDuration("idle-for"),
        config.getInt("snapshot-every"));
  }

  @Override
  CompletableFuture<LimitReply> once(
      String key, LimitCommand command, Duration within, BooleanSupplier again) {
    return ask.ask(
        sharding.entityRefFor(TYPE, key),
        replyTo -> new LimitActor.Execute(command, replyTo),
        within,
        again);
  }

  /**
   * Asks the owner of the limit {@code id} whether {@code token} still counts. Fails with {@link
   * StoreUnavailable} if that owner knows less than was {@code written}: it has lost its place.
   */
  CompletableFuture<Fencing> fencing(UUID id, long token, long written) {
    var owner = sharding.entityRefFor(TYPE, OwnerKey.of(id));
    return ask.<LimitActor.Message, Fencing>ask(
            owner, replyTo -> new LimitActor.Fence(token, replyTo), answerWithin())
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

  @Override
  long nanoTime() {
    return System.nanoTime();
  }

  @Override
  CompletableFuture<Void> pause(Duration pause) {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
  }
}
