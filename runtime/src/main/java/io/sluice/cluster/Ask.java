package io.sluice.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Asks owners and hands their answers on in the thread that delivers them.
 *
 * <p>What an owner was asked is lost with its node, and sharding drops some of what waits for an
 * owner that moves. So the requests of this node that have no answer yet are sent again when
 * another node has left the cluster, and twice when they get old, as the same {@link
 * Asked#request}: an owner that did get the first one knows it again by that; see {@link Once}.
 *
 * <p>The stages that Pekko's own ask returns run every chained function on the common pool; with
 * two cores that pool starts a thread per function (measured: a factor of 20). A plain {@link
 * CompletableFuture} completed with an explicit executor does not, in any JVM.
 */
public final class Ask implements Extension {
  private static final Id ID = new Id();

  /** At these ages, in seconds, requests without an answer are sent again. */
  private static final long[] AGES = {2, 6};

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private static final class Request {
    private final Runnable send;
    private final BooleanSupplier wanted;
    private final long born = System.nanoTime();
    private int repeated;

    private Request(Runnable send, BooleanSupplier wanted) {
      this.send = send;
      this.wanted = wanted;
    }

    private void sendAgain() {
      if (wanted.getAsBoolean()) {
        send.run();
      }
    }

    /** Called by one thread at a time. */
    private void sendIfOld(long now) {
      if (repeated < AGES.length && now - born > TimeUnit.SECONDS.toNanos(AGES[repeated])) {
        repeated++;
        sendAgain();
      }
    }
  }

  /** Bounded by those who ask: each waits for its answer or its time. */
  private final Set<Request> unanswered = ConcurrentHashMap.newKeySet();

  private Ask(ExtendedActorSystem system) {
    var typed = Adapter.toTyped(system);
    typed.systemActorOf(Departures.watch(this::sendAgain), "sluice-departures", Props.empty());
    typed
        .scheduler()
        .scheduleWithFixedDelay(LOOK_EVERY, LOOK_EVERY, this::sendOld, typed.executionContext());
  }

  /** The requests of one actor system. */
  public static Ask of(ActorSystem<?> system) {
    return ID.get(Adapter.toClassic(system));
  }

  /** Fails with {@link java.util.concurrent.TimeoutException} after {@code within}. */
  public <M, R> CompletableFuture<R> ask(
      EntityRef<M> owner, Function<ActorRef<R>, M> message, Duration within) {
    return ask(owner, message, within, () -> true);
  }

  /**
   * @param again asked before it is sent again: false if taking it twice would do harm, or nobody
   *     waits for the answer any more
   */
  public <M, R> CompletableFuture<R> ask(
      EntityRef<M> owner,
      Function<ActorRef<R>, M> message,
      Duration within,
      BooleanSupplier again) {
    var answer = new CompletableFuture<R>();
    var sent =
        owner.<R>ask(
            asker -> {
              var asked = message.apply(asker);
              var request = new Request(() -> owner.tell(asked), again);
              unanswered.add(request);
              answer.whenComplete((reply, failure) -> unanswered.remove(request));
              return asked;
            },
            within);
    complete(answer, sent);
    return answer;
  }

  private static <R> void complete(CompletableFuture<R> answer, CompletionStage<R> stage) {
    stage.whenCompleteAsync(
        (reply, failure) -> {
          if (failure == null) {
            answer.complete(reply);
          } else {
            answer.completeExceptionally(failure);
          }
        },
        Runnable::run);
  }

  private void sendAgain() {
    unanswered.forEach(Request::sendAgain);
  }

  private void sendOld() {
    long now = System.nanoTime();
    unanswered.forEach(request -> request.sendIfOld(now));
  }

  private static final class Id extends AbstractExtensionId<Ask> {
    @Override
    public Ask createExtension(ExtendedActorSystem system) {
      return new Ask(system);
    }
  }
}
