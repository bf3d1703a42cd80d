package io.sluice.limit;

import static io.sluice.cluster.Spans.longer;
import static io.sluice.cluster.Spans.shorter;

import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** How to ask the owners of limits, wherever they are. */
abstract class LimitAsks {
  /** Pause before an owner that was stopping is asked again; twice as long each time … */
  private static final Duration AGAIN_AFTER = Duration.ofMillis(20);

  /** … up to this: an owner whose store is away comes back as slowly. */
  private static final Duration AGAIN_AFTER_MOST = Duration.ofMillis(500);

  /** How long a message may be under way before it counts as lost. */
  private static final Duration UNDER_WAY_MOST = Duration.ofSeconds(4);

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

  /**
   * The same for what takes a lease from its asker, who may ask for it again as soon as this is
   * over: no message of it is under way then. So it is not sent again when little time is left, and
   * if it was sent several times the answer to one of them waits for the others to arrive.
   */
  final CompletableFuture<LimitReply> takeBack(UUID id, LimitCommand command) {
    long last = nanoTime() + answerWithin.minus(UNDER_WAY_MOST).toNanos();
    var sentAgain = new AtomicBoolean();
    BooleanSupplier again =
        () -> {
          boolean may = nanoTime() < last;
          sentAgain.compareAndSet(false, may);
          return may;
        };
    return ask(id, command, answerWithin, again)
        .thenCompose(
            reply ->
                sentAgain.get()
                    ? pause(UNDER_WAY_MOST).thenApply(arrived -> reply)
                    : CompletableFuture.completedFuture(reply));
  }

  final CompletableFuture<LimitReply> ask(UUID id, LimitCommand command, Duration within) {
    return ask(id, command, within, () -> true);
  }

  /**
   * @param wanted whether the answer is still waited for; once it is not, the command is not sent
   *     again, so that it is not taken by a new owner after everything else is over
   */
  final CompletableFuture<LimitReply> ask(
      UUID id, LimitCommand command, Duration within, BooleanSupplier wanted) {
    var sending = new Sending(OwnerKey.of(id), command, nanoTime() + within.toNanos(), wanted);
    return ask(sending, AGAIN_AFTER);
  }

  private record Sending(
      String key, LimitCommand command, long untilNanos, BooleanSupplier wanted) {}

  private CompletableFuture<LimitReply> ask(Sending sending, Duration pause) {
    long left = sending.untilNanos() - nanoTime();
    return once(
            sending.key(),
            sending.command(),
            longer(Duration.ofNanos(left), AGAIN_AFTER),
            () -> sending.command().isRepeatable() && sending.wanted().getAsBoolean())
        .handle(
            (reply, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(reply)
                    : CompletableFuture.<LimitReply>failedFuture(unanswered(failure)))
        .thenCompose(answer -> answer)
        .thenCompose(
            reply -> {
              boolean unsure = reply instanceof LimitReply.PerhapsDone;
              if (!unsure && !(reply instanceof LimitReply.AskAgain)) {
                return CompletableFuture.completedFuture(reply);
              } else if (unsure && !sending.command().isRepeatable()
                  || sending.untilNanos() - nanoTime() < pause.toNanos()) {
                return CompletableFuture.failedFuture(unanswered(null));
              }
              return pause(pause)
                  .thenCompose(
                      again ->
                          sending.wanted().getAsBoolean()
                              ? ask(sending, shorter(pause.multipliedBy(2), AGAIN_AFTER_MOST))
                              : CompletableFuture.failedFuture(unanswered(null)));
            });
  }

  private static StoreUnavailable unanswered(Throwable failure) {
    return new StoreUnavailable("The owner of a limit did not answer in time", failure);
  }

  /**
   * Asks the owner {@code key}, without looking at the answer; fails if there is none {@code
   * within}.
   *
   * @param again whether it may be sent a second time as long as there is no answer
   */
  abstract CompletableFuture<LimitReply> once(
      String key, LimitCommand command, Duration within, BooleanSupplier again);

  /** Of a clock that only goes forward. */
  abstract long nanoTime();

  abstract CompletableFuture<Void> pause(Duration pause);
}
