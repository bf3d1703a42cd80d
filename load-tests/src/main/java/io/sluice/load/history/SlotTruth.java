package io.sluice.load.history;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of a test besides its log.
 *
 * @param sizes how many slots each limit has, by its name
 * @param faults when something was wrong on purpose
 * @param slackNanos orders of things that are nearer to each other than this are not judged
 * @param gone who was killed, and may neither go on asking nor give anything back
 */
public record SlotTruth(
    Map<String, Integer> sizes, List<Window> faults, long slackNanos, Set<String> gone) {

  public SlotTruth {
    sizes = Map.copyOf(sizes);
    faults = List.copyOf(faults);
    gone = Set.copyOf(gone);
  }

  /**
   * From when a fault struck to when all nodes were back and had had time to find each other.
   *
   * @param cutOff the node that the others could not reach, null if none
   * @param healedNanos until when they could not
   */
  public record Window(long fromNanos, long toNanos, String cutOff, long healedNanos) {
    boolean touches(long from, long to) {
      return from <= toNanos && to >= fromNanos;
    }
  }

  boolean isCalm(long from, long to) {
    return faults.stream().noneMatch(window -> window.touches(from, to));
  }
}
