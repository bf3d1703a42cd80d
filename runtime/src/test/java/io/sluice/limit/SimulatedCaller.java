package io.sluice.limit;

import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.SimulatedCluster.Node;
import io.sluice.simulation.Machine;
import io.sluice.simulation.Network;
import io.sluice.simulation.World;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Calls a node from a process, which may be the node itself. */
final class SimulatedCaller {
  static final Duration KEEP_PLACE = Duration.ofSeconds(5);

  /** A connection that broke is noticed so late at most. */
  private static final long GONE_WITHIN = World.SECOND;

  /** A request for slots under way; {@link #hangUp} is what the node notices of its asker's end. */
  record Asking(
      CompletableFuture<Outcome> outcome,
      Runnable hangUp,
      Function<Runnable, Runnable> supersede) {}

  /** What is asked for. */
  record Wanted(
      List<UUID> limits,
      Function<List<UUID>, List<Claim>> claims,
      SlotRequest request,
      IfBusy ifBusy,
      long hold) {}

  private final World world;
  private final Network network;
  private final Machine home;

  SimulatedCaller(World world, Network network, Machine home) {
    this.world = world;
    this.network = network;
    this.home = home;
  }

  /** Fails with {@link TimeoutException} if there is no answer within so many microseconds. */
  <T> CompletableFuture<T> call(Node entry, Supplier<CompletableFuture<T>> work, long within) {
    var answer = new CompletableFuture<T>();
    int life = home.life();
    network.call(
        home,
        entry.machine,
        () ->
            work.get()
                .whenComplete(
                    (result, failure) ->
                        network.call(
                            entry.machine,
                            home,
                            () -> {
                              if (home.life() == life) {
                                complete(answer, result, failure);
                              }
                            })));
    home.after(within, () -> answer.completeExceptionally(new TimeoutException()));
    return answer;
  }

  private static <T> void complete(CompletableFuture<T> answer, T result, Throwable failure) {
    if (failure == null) {
      answer.complete(result);
    } else {
      answer.completeExceptionally(failure);
    }
  }

  /** Has {@code entry} ask, and end the wait after the hold, as the HTTP shell and library do. */
  Asking ask(Node entry, Wanted wanted, long within) {
    var begun = new CompletableFuture<Acquisition>();
    int life = entry.machine.life();
    var outcome =
        call(
            entry,
            () -> {
              var acquisition =
                  new Acquisition(
                      entry.asks,
                      Meant.byId(),
                      wanted.limits(),
                      wanted.claims(),
                      wanted.request(),
                      wanted.ifBusy());
              begun.complete(acquisition);
              acquisition.start();
              entry.machine.after(wanted.hold(), () -> hold(acquisition));
              return acquisition.outcome();
            },
            within);
    return new Asking(
        outcome,
        () ->
            world.after(
                world.between(0, GONE_WITHIN),
                () -> {
                  if (entry.machine.life() == life) {
                    entry.machine.act(
                        () -> begun.thenAccept(acquisition -> acquisition.withdraw(null)));
                  }
                }),
        then ->
            () ->
                begun.thenAccept(
                    acquisition -> {
                      acquisition.outcome().whenComplete((end, failure) -> then.run());
                      acquisition.supersede();
                    }));
  }

  /** What a call failed with. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static void hold(Acquisition acquisition) {
    if (!acquisition.outcome().isDone()) {
      acquisition.withdraw(KEEP_PLACE);
    }
  }
}
