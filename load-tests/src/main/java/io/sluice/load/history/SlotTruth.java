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
   * @param cut null if all nodes could reach each other
   */
  public record Window(long fromNanos, long toNanos, Cut cut) {
    boolean touches(long from, long to) {
      return from <= toNanos && to >= fromNanos;
    }
  }

  /**
   * For how long the others surely could not reach a node: cutting it off and connecting it again
   * takes a while, and what goes through meanwhile says nothing.
   */
  public record Cut(String node, long fromNanos, long toNanos) {}

  boolean isCalm(long from, long to) {
    return faults.stream().noneMatch(window -> window.touches(from, to));
  }
}
