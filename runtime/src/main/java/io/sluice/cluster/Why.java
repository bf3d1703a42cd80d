package io.sluice.cluster;

import java.util.concurrent.CompletionException;

/** Why something failed, for people. */
public final class Why {
  private Why() {}

  /** The failure's own words; if it has none, its kind. */
  public static String of(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    var words = cause.getMessage();
    return words == null || words.isBlank() ? cause.getClass().getSimpleName() : words;
  }
}
