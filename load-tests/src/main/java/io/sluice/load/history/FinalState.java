package io.sluice.load.history;

import java.util.Map;

/**
 * What the server says when all is over.
 *
 * @param runs every run of the tested deployment, by id
 * @param slots how many slots are taken, by the name of what limits them
 */
public record FinalState(Map<String, FinalRun> runs, Map<String, Integer> slots) {

  public FinalState {
    runs = Map.copyOf(runs);
    slots = Map.copyOf(slots);
  }

  /**
   * A run at the end.
   *
   * @param state type of its state
   * @param runCount how often it entered RUNNING, by the server's own count
   */
  public record FinalRun(String state, int runCount) {}
}
