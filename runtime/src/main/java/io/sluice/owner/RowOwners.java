package io.sluice.owner;

import io.sluice.cluster.Ask;
import io.sluice.cluster.Once;
import io.sluice.store.Store;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The owners of one kind, sharded by id, and how to ask them. */
public final class RowOwners {
  private final EntityTypeKey<RowOwner.Message> type;
  private final ClusterSharding sharding;
  private final Duration answerWithin;
  private final Ask ask;

  /**
   * @param kind names the shards; may never change
   * @param owner makes the owner of an id
   */
  public RowOwners(
      ActorSystem<?> system,
      Store store,
      String kind,
      BiFunction<UUID, RowOwner.Settings, Behavior<RowOwner.Message>> owner) {
    var config = system.settings().config().getConfig("sluice");
    int waitingMax = config.getInt("owner.waiting-max");
    var idleFor = config.getDuration("owner.idle-for");
    this.type = EntityTypeKey.create(RowOwner.Message.class, kind);
    this.ask = Ask.of(system);
    this.sharding = ClusterSharding.get(system);
    this.answerWithin = config.getDuration("answer-within");
    sharding.init(
        Entity.of(
                type,
                entity ->
                    Once.each(
                        RowOwner.Message.class,
                        owner.apply(
                            UUID.fromString(entity.getEntityId()),
                            new RowOwner.Settings(
                                store, waitingMax, idleFor, passivate(entity), passOn(entity)))))
            .withStopMessage(RowOwner.Stop.STOP));
  }

  private static Consumer<ActorRef<RowOwner.Message>> passivate(
      EntityContext<RowOwner.Message> entity) {
    return self -> entity.getShard().tell(new ClusterSharding.Passivate<>(self));
  }

  private Consumer<RowOwner.Message> passOn(EntityContext<RowOwner.Message> entity) {
    return asked -> sharding.entityRefFor(type, entity.getEntityId()).tell(asked);
  }

  /** Fails with {@link java.util.concurrent.TimeoutException} if there is no answer in time. */
  public <R> CompletableFuture<R> ask(UUID id, Function<ActorRef<R>, RowOwner.Message> message) {
    return ask(id, message, Duration.ZERO);
  }

  /**
   * @param patience how much longer than usual the answer may take
   */
  public <R> CompletableFuture<R> ask(
      UUID id, Function<ActorRef<R>, RowOwner.Message> message, Duration patience) {
    return ask.ask(
        sharding.entityRefFor(type, id.toString()), message, answerWithin.plus(patience));
  }
}
