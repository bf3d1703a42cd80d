package io.sluice;

import io.sluice.cluster.Why;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong inside, in the terms of the library. */
final class Failures {
  private Failures() {}

  static SluiceException of(Throwable failure) {
    var cause = cause(failure);
    if (cause instanceof SluiceException known) {
      return known;
    }
    if (cause instanceof Refused refused) {
      return of(refused);
    }
    return new SluiceException.Unavailable(
        "Sluice did not answer: %s.".formatted(Why.of(cause)), cause);
  }

  private static SluiceException of(Refused refused) {
    if (refused.why() instanceof Rejection.LimitNotFound missing) {
      return new SluiceException.NoSuchLimit(missing.idOrName());
    }
    return new SluiceException.Refused(
        refused.getMessage(), "Asking again without a change does not help.", refused);
  }

  static Throwable cause(Throwable failure) {
    var cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
