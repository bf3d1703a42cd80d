package io.sluice.rejection;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries a {@link Rejection} through futures. A decision, not a failure: it has no stack trace.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection why;

  public Refused(Rejection why) {
    super(why.message(), null, false, false);
    this.why = why;
  }

  public Rejection why() {
    return why;
  }

  /** Whether {@code failure} is or wraps a refusal of the given kind. */
  public static boolean isA(Throwable failure, Class<? extends Rejection> kind) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refused refused) {
        return kind.isInstance(refused.why());
      }
    }
    return false;
  }

  /** What the refusal that {@code failure} is or wraps says, for people. */
  public static String message(Throwable failure) {
    var cause = failure;
    while (!(cause instanceof Refused) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  /** What {@code asked} finds, empty if it was such a refusal; any other failure stays. */
  public static <T> CompletableFuture<Optional<T>> orEmpty(
      Class<? extends Rejection> kind, CompletableFuture<T> asked) {
    return asked.thenApply(Optional::of).exceptionally(or(kind, Optional.empty()));
  }

  /** For futures: what {@code instead} does if it was such a refusal; any other failure stays. */
  public static <T> Function<Throwable, CompletionStage<T>> orElse(
      Class<? extends Rejection> kind, Supplier<? extends CompletionStage<T>> instead) {
    return failure -> isA(failure, kind) ? instead.get() : CompletableFuture.failedFuture(failure);
  }

  /** For futures: {@code instead} if it was such a refusal; any other failure stays. */
  public static <T> Function<Throwable, T> or(Class<? extends Rejection> kind, T instead) {
    return failure -> {
      if (isA(failure, kind)) {
        return instead;
      }
      throw failure instanceof CompletionException wrapped
          ? wrapped
          : new CompletionException(failure);
    };
  }
}
