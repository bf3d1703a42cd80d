package io.sluice.run;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a flow run is retried and paused (Prefect 3.8.8, server/schemas/core.py FlowRunPolicy).
 *
 * @param retries how often a failed run is tried again, null for never
 * @param retryDelay seconds before each retry, null for none
 * @param pauseKeys pauses that were taken already and are not taken again
 */
public record FlowRunPolicy(
    int maxRetries,
    double retryDelaySeconds,
    Integer retries,
    Integer retryDelay,
    Set<String> pauseKeys,
    Boolean resuming,
    RetryType retryType) {

  public static final FlowRunPolicy NONE =
      new FlowRunPolicy(0, 0, null, null, Set.of(), false, null);

  public FlowRunPolicy {
    pauseKeys = pauseKeys == null ? Set.of() : Set.copyOf(pauseKeys);
    resuming = resuming != null && resuming;
  }

  FlowRunPolicy withPauseKey(String key) {
    var keys = new TreeSet<>(pauseKeys);
    keys.add(key);
    return new FlowRunPolicy(
        maxRetries, retryDelaySeconds, retries, retryDelay, keys, resuming, retryType);
  }

  FlowRunPolicy withoutPauses() {
    return new FlowRunPolicy(
        maxRetries, retryDelaySeconds, retries, retryDelay, Set.of(), false, retryType);
  }

  FlowRunPolicy with(RetryType type) {
    return new FlowRunPolicy(
        maxRetries, retryDelaySeconds, retries, retryDelay, pauseKeys, resuming, type);
  }

  FlowRunPolicy resuming(boolean now) {
    return new FlowRunPolicy(
        maxRetries, retryDelaySeconds, retries, retryDelay, pauseKeys, now, retryType);
  }

  /** The pause keys in a fixed order. */
  public List<String> pauseKeysSorted() {
    return List.copyOf(new TreeSet<>(pauseKeys));
  }
}
