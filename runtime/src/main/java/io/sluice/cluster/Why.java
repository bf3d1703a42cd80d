package io.sluice.cluster;

import java.util.concurrent.CompletionException;

/** Why something failed. */
public final class Why {
  private Why() {}

  /** The failure itself, without the futures that it came through. */
  public static Throwable cause(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The failure's own words; if it has none, its kind. */
  public static String of(Throwable failure) {
    var cause = cause(failure);
    var words = cause.getMessage();
    return words == null || words.isBlank() ? cause.getClass().getSimpleName() : words;
  }
}
