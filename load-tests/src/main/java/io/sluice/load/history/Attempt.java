package io.sluice.load.history;

import java.util.Map;

/**
 * One request for slots, sent once.
 *
 * @param firstSentNanos when its call was sent for the first time: its age at the most
 * @param endNanos when its answer came or was given up; {@link Long#MAX_VALUE} if neither
 * @param lease null unless it is granted
 * @param tokens empty unless it is granted
 */
public record Attempt(
    long call,
    String actor,
    Slots asked,
    long firstSentNanos,
    long sentNanos,
    long endNanos,
    Outcome outcome,
    String lease,
    Map<String, Long> tokens) {

  /** How it ended. */
  public enum Outcome {
    GRANTED,
    /** It was told that it holds nothing. */
    DENIED,
    /** Nobody knows: no answer, or one that says that something went wrong. */
    LOST,
    OPEN
  }

  boolean names(String limit) {
    return asked.limits().contains(limit);
  }

  boolean isGranted() {
    return outcome == Outcome.GRANTED;
  }

  /** Whether it may hold a slot without anybody knowing. */
  boolean isInDoubt() {
    return outcome == Outcome.LOST || outcome == Outcome.OPEN;
  }
}
