package io.sluice.node;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import io.sluice.cluster.Together;
import io.sluice.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jooq.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls owners that have something to do by themselves, and are not in memory, just before it is
 * time. Every node does so; owners that are called twice do nothing twice. Nothing is looked at but
 * an index of the times.
 */
public final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  private static final int AT_ONCE = 200;
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Instant> WAKES = field(name("wakes_at"), Instant.class);

  private enum Tick {
    RING,
    RUNG
  }

  private final Store store;
  private final InstantSource clock;
  private final Duration ahead;
  private final Function<UUID, CompletableFuture<Void>> deployments;
  private final Function<UUID, CompletableFuture<Void>> runs;
  private final Function<UUID, CompletableFuture<Void>> pools;

  /**
   * @param deployments wakes a deployment, {@code runs} a run, {@code pools} a work pool; done when
   *     it did what was due
   */
  Alarms(
      ActorSystem<?> system,
      Store store,
      Function<UUID, CompletableFuture<Void>> deployments,
      Function<UUID, CompletableFuture<Void>> runs,
      Function<UUID, CompletableFuture<Void>> pools,
      InstantSource clock) {
    var config = system.settings().config().getConfig("sluice.wake");
    this.store = store;
    this.clock = clock;
    this.ahead = config.getDuration("ahead");
    this.deployments = deployments;
    this.runs = runs;
    this.pools = pools;
    system.systemActorOf(ringing(config.getDuration("every")), "sluice-alarms", Props.empty());
  }

  private Behavior<Tick> ringing(Duration every) {
    return Behaviors.withTimers(
        timers -> {
          timers.startSingleTimer(Tick.RING, Duration.ZERO);
          return Behaviors.receive(Tick.class)
              .onMessageEquals(
                  Tick.RING,
                  () ->
                      Behaviors.setup(
                          context -> {
                            context.pipeToSelf(ring(), (rung, failure) -> said(failure));
                            return Behaviors.same();
                          }))
              .onMessageEquals(
                  Tick.RUNG,
                  () -> {
                    timers.startSingleTimer(Tick.RING, every);
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private static Tick said(Throwable failure) {
    if (failure != null) {
      LOG.warn("Nobody is woken while the store does not answer: {}", failure.toString());
    }
    return Tick.RUNG;
  }

  /**
   * Calls all that have something to do soon.
   *
   * @return done when those for which it is time have done it, or could not and are called again;
   *     fails if the store does not say who has something to do
   */
  public CompletableFuture<Void> ring() {
    var until = clock.instant().plus(ahead);
    return wake("deployment", deployments, until, Instant.MIN, new UUID(0, 0))
        .thenCompose(done -> wake("flow_run", runs, until, Instant.MIN, new UUID(0, 0)))
        .thenCompose(
            done -> wake("work_pool_readiness", pools, until, Instant.MIN, new UUID(0, 0)));
  }

  private record Due(UUID id, Instant at) {}

  /** Some at once, then those after them: all of a long outage at once would be too many. */
  private CompletableFuture<Void> wake(
      String kind,
      Function<UUID, CompletableFuture<Void>> owners,
      Instant until,
      Instant after,
      UUID afterId) {
    return due(kind, until, after, afterId)
        .thenCompose(
            some ->
                Together.done(
                        some.stream()
                            .map(
                                due ->
                                    owners
                                        .apply(due.id())
                                        .exceptionally(failed -> late(kind, due, failed)))
                            .toList())
                    .thenCompose(
                        done -> {
                          if (some.size() < AT_ONCE) {
                            return CompletableFuture.<Void>completedFuture(null);
                          }
                          var last = some.get(some.size() - 1);
                          return wake(kind, owners, until, last.at(), last.id());
                        }));
  }

  private static Void late(String kind, Due due, Throwable failed) {
    var why = failed.toString();
    LOG.warn("The {} {} could not do what was due; called again: {}", kind, due.id(), why);
    return null;
  }

  private CompletableFuture<List<Due>> due(
      String kind, Instant until, Instant after, UUID afterId) {
    var further =
        after.equals(Instant.MIN)
            ? org.jooq.impl.DSL.noCondition()
            : WAKES.gt(after).or(WAKES.eq(after).and(ID.gt(afterId)));
    return store.read(
        sql ->
            sql.select(ID, WAKES)
                .from(table(name(kind)))
                .where(WAKES.le(until))
                .and(further)
                .orderBy(WAKES, ID)
                .limit(AT_ONCE)
                .fetch(row -> new Due(row.get(ID), row.get(WAKES))));
  }
}
