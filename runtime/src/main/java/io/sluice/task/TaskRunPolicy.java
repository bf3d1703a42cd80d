package io.sluice.task;

import java.util.List;

/**
 * How a task run is retried (Prefect 3.8.8, server/schemas/core.py TaskRunPolicy).
 *
 * @param retries how often a failed run is tried again, null for never
 * @param retryDelay seconds before each retry, the last one for all further; null or empty for none
 * @param listedDelays whether the client gave a list, which is given back as one
 * @param retryJitterFactor a delay is at most so much longer, as a part of it; null or 0 for no
 *     jitter
 */
public record TaskRunPolicy(
    int maxRetries,
    double retryDelaySeconds,
    Integer retries,
    List<Double> retryDelay,
    boolean listedDelays,
    Double retryJitterFactor) {

  public static final TaskRunPolicy NONE = new TaskRunPolicy(0, 0, null, null, false, null);

  /**
   * Seconds before the retry after {@code runCount} runs.
   *
   * @param chance for the jitter: from 0 (included) to 1 (excluded), all equally likely
   */
  double delayAfter(int runCount, double chance) {
    if (retryDelay == null || retryDelay.isEmpty()) {
      return 0;
    }
    double delay = retryDelay.get(Math.max(0, Math.min(runCount - 1, retryDelay.size() - 1)));
    boolean spread = retryJitterFactor != null && retryJitterFactor > 0 && delay > 0;
    return spread ? Jitter.around(delay, retryJitterFactor, chance) : delay;
  }
}
