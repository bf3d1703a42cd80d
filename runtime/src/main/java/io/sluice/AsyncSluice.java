package io.sluice;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The methods of {@link Sluice} but {@code listen} for callers that do not block. Each means what
 * the method of the same name there means, and its stage fails with what that one throws.
 *
 * <p>Stages complete on one of four threads that are there for nothing else. Work that takes long,
 * such as what a lease guards, belongs on another one: {@code thenAcceptAsync(…, executor)}.
 *
 * <p>Who does not want to wait any longer cancels: {@code stage.toCompletableFuture().cancel(true)}
 * or {@code orTimeout} leaves the line, and what was granted in the same moment is given back.
 */
public final class AsyncSluice {
  private final Definitions definitions;
  private final Desk desk;
  private final Threads threads;

  AsyncSluice(Definitions definitions, Desk desk, Threads threads) {
    this.definitions = definitions;
    this.desk = desk;
    this.threads = threads;
  }

  /** See {@link Sluice#define}. */
  public CompletionStage<LimitState> define(LimitDefinition definition) {
    return stage(desk.call(() -> definitions.define(definition)));
  }

  /** See {@link Sluice#find}. */
  public CompletionStage<Optional<LimitState>> find(String limit) {
    return stage(desk.call(() -> definitions.find(limit)));
  }

  /** See {@link Sluice#resize}. */
  public CompletionStage<LimitState> resize(String limit, int slots) {
    return stage(desk.call(() -> definitions.resize(limit, slots)));
  }

  /** See {@link Sluice#enable}. */
  public CompletionStage<LimitState> enable(String limit) {
    return stage(desk.call(() -> definitions.enable(limit, true)));
  }

  /** See {@link Sluice#disable}. */
  public CompletionStage<LimitState> disable(String limit) {
    return stage(desk.call(() -> definitions.enable(limit, false)));
  }

  /** See {@link Sluice#delete}. */
  public CompletionStage<Boolean> delete(String limit) {
    return stage(desk.call(() -> definitions.delete(limit)));
  }

  /** See {@link Sluice#awaitLease(LeaseRequest, Duration)}. */
  public CompletionStage<Lease> awaitLease(LeaseRequest request, Duration atMost) {
    var asked = desk.lease(request, atMost);
    return stage(
        new Pending<>(
            asked.answer().thenApply(Optional::orElseThrow), asked.giveUp(), Lease::close));
  }

  /** See {@link Sluice#tryLease(LeaseRequest)}. */
  public CompletionStage<Optional<Lease>> tryLease(LeaseRequest request) {
    return stage(desk.tryLease(request));
  }

  /** See {@link Sluice#awaitRate(String, int, Duration)}. */
  public CompletionStage<Void> awaitRate(String limit, int slots, Duration atMost) {
    var asked = desk.rate(limit, slots, atMost);
    return stage(
        new Pending<>(asked.answer().thenApply(taken -> null), asked.giveUp(), taken -> {}));
  }

  /** See {@link Sluice#tryRate(String, int)}. */
  public CompletionStage<Boolean> tryRate(String limit, int slots) {
    return stage(desk.tryRate(limit, slots));
  }

  private <T> CompletionStage<T> stage(Pending<T> asked) {
    var stage = new CompletableFuture<T>();
    asked
        .answer()
        .whenComplete(
            (value, failure) -> threads.answers().execute(() -> end(stage, asked, value, failure)));
    stage.whenComplete(
        (value, failure) ->
            asked.giveUp().accept(new CancellationException("not wanted any more")));
    return stage;
  }

  private static <T> void end(
      CompletableFuture<T> stage, Pending<T> asked, T value, Throwable failure) {
    if (failure != null) {
      stage.completeExceptionally(Failures.of(failure));
    } else if (!stage.complete(value)) {
      asked.undo().accept(value);
    }
  }
}
