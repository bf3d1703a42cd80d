package io.sluice.http;

import java.util.concurrent.CompletableFuture;

/** Answers one kind of request. May throw or fail with what {@link Problems} knows. */
@FunctionalInterface
public interface Handler {
  CompletableFuture<Answer> handle(Call call);

  /** For an answer that needs no waiting. */
  static Handler now(java.util.function.Function<Call, Answer> answer) {
    return call -> CompletableFuture.completedFuture(answer.apply(call));
  }
}
