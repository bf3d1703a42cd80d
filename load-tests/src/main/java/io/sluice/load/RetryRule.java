package io.sluice.load;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/**
 * When Prefect's client sends a request again (3.8.8, prefect/client/base.py): five times at most,
 * after 408, 429, 502, 503 and when no answer came; after the time that the server names or else 2,
 * 4, 8, … seconds, each with jitter. While the server says it is in maintenance, without end.
 *
 * @param retriesMax {@link #RETRIES_OF_PREFECT}, or more for a client that does not give up; beyond
 *     those the waits grow no more
 */
public record RetryRule(Jitter jitter, InstantSource clock, int retriesMax) {
  public static final int RETRIES_OF_PREFECT = 5;
  private static final Set<Integer> STATUSES = Set.of(408, 429, 502, 503);
  private static final double FACTOR = 0.2;
  private static final double MILLIS = 1000;

  /**
   * What came of an attempt.
   *
   * @param status null if no answer came
   * @param retryAfter the header, null if absent
   * @param maintenance whether the answer says {@code Prefect-Maintenance: true}
   */
  public record Outcome(Integer status, String retryAfter, boolean maintenance) {
    public static final Outcome LOST = new Outcome(null, null, false);
  }

  /** Whether an answer with this status is not the last word. */
  static boolean isRetryable(int status) {
    return STATUSES.contains(status);
  }

  /**
   * How long to wait before the next attempt; empty if there is none.
   *
   * @param tries attempts made so far that count, this one included unless in maintenance
   */
  public Optional<Duration> after(int tries, Outcome outcome) {
    if (outcome.status() != null && !isRetryable(outcome.status()) || tries > retriesMax) {
      return Optional.empty();
    }
    return Optional.of(
        named(outcome.retryAfter())
            .map(least -> jitter.atLeast(least, FACTOR))
            .orElseGet(
                () ->
                    jitter.around(
                        Duration.ofSeconds(1L << Math.min(tries, RETRIES_OF_PREFECT)), FACTOR)));
  }

  /** Seconds, or a date as in RFC 9110; anything else is as good as absent. */
  private Optional<Duration> named(String retryAfter) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.ofMillis((long) (Double.parseDouble(retryAfter) * MILLIS)));
    } catch (NumberFormatException noNumber) {
      try {
        var at = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        var wait = Duration.between(clock.instant(), at);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      } catch (DateTimeException noDate) {
        return Optional.empty();
      }
    }
  }
}
