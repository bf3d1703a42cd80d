package io.sluice;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An answer that is awaited.
 *
 * @param giveUp ends the wait; without effect after it ended
 * @param undo gives back what was answered too late for anybody to take it
 */
record Pending<T>(CompletableFuture<T> answer, Consumer<Throwable> giveUp, Consumer<T> undo) {

  /** Nobody takes the answer any more. */
  void abandon(Throwable why) {
    giveUp.accept(why);
    answer.thenAccept(undo);
  }
}
