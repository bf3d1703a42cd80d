package io.sluice.limit;

import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** How to ask the owners of limits, wherever they are. */
abstract class LimitAsks {
  /** Pause before an owner that was stopping is asked again; twice as long each time … */
  private static final Duration AGAIN_AFTER = Duration.ofMillis(20);

  /** … up to this: an owner whose store is away comes back as slowly. */
  private static final Duration AGAIN_AFTER_MOST = Duration.ofMillis(500);

  private final Duration answerWithin;

  LimitAsks(Duration answerWithin) {
    this.answerWithin = answerWithin;
  }

  final Duration answerWithin() {
    return answerWithin;
  }

  /**
   * Asks the owner of {@code id}, a limit's or a lease's, and asks again if it was stopping or
   * moving. Fails with {@link StoreUnavailable} if there is no answer in time; the command may have
   * taken effect then, and repeating it is safe.
   */
  final CompletableFuture<LimitReply> ask(UUID id, LimitCommand command) {
    return ask(id, command, answerWithin);
  }

  final CompletableFuture<LimitReply> ask(UUID id, LimitCommand command, Duration within) {
    return ask(OwnerKey.of(id), command, nanoTime() + within.toNanos(), AGAIN_AFTER);
  }

  private CompletableFuture<LimitReply> ask(
      String key, LimitCommand command, long untilNanos, Duration pause) {
    var left = Duration.ofNanos(untilNanos - nanoTime());
    return once(key, command, longer(left, AGAIN_AFTER))
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
              } else if (untilNanos - nanoTime() < pause.toNanos()) {
                return CompletableFuture.failedFuture(unanswered(null));
              }
              return pause(pause)
                  .thenCompose(
                      again -> ask(key, command, untilNanos, shorter(pause.multipliedBy(2))));
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
   * Asks the owner {@code key}, without looking at the answer; fails if there is none {@code
   * within}.
   */
  abstract CompletableFuture<LimitReply> once(String key, LimitCommand command, Duration within);

  /** Of a clock that only goes forward. */
  abstract long nanoTime();

  abstract CompletableFuture<Void> pause(Duration pause);
}
