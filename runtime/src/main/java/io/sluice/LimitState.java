package io.sluice;

import java.time.Duration;
import java.util.List;

/**
 * A limit as its owner saw it when it was asked.
 *
 * @param definition what it is to be
 * @param enabled false: it holds nobody back and no slots are taken from it
 * @param held slots that are taken; more than it has after it was made smaller
 * @param waiting requests in line
 * @param holders who holds a lease, the oldest first; slots taken by rate have no holder
 */
public record LimitState(
    LimitDefinition definition, boolean enabled, int held, int waiting, List<SlotHolder> holders) {

  public LimitState {
    holders = List.copyOf(holders);
  }

  /** The limit's name. */
  public String name() {
    return definition.name();
  }

  /** How many slots it has. */
  public int slots() {
    return definition.slots();
  }

  /**
   * Who holds slots of a limit.
   *
   * @param name the name given with {@link LeaseRequest#heldBy}, or kind and id of a run
   * @param slots how many, at least 1
   * @param heldFor since when, by this node's clock
   */
  public record SlotHolder(String name, int slots, Duration heldFor) {}
}
