package io.sluice.load.history;

import java.util.EnumSet;
import java.util.Set;

/** What must hold whatever happens to the nodes. */
public enum Rule {
  KEPT("every run whose creation was acknowledged is there"),
  NO_STRANGERS("no run is there that nobody created"),
  COMPLETED("every run is COMPLETED, as its worker was told"),
  ONCE("every run ran exactly once, by one worker"),
  WITHIN_LIMIT("never more held a slot than the limit allows"),
  LEASES_KEPT("no lease ended before its time"),
  NO_LEAK("no slot is taken that nobody holds"),
  LEASED("every grant has a lease of its own and a token for each limit"),
  TOKENS_RISE("each grant of a limit has a higher token than all before it"),
  FREES_ONCE("a release frees its slots once: as many are taken as are held"),
  ALL_OR_NONE("of several limits somebody holds all or none"),
  IN_ORDER("who waits longer is granted first"),
  GRANTED("everybody who goes on waiting is granted"),
  FENCED("a node that is cut off grants nothing once another one has");

  /** What a burst of runs is judged by. */
  public static final Set<Rule> OF_RUNS = EnumSet.range(KEPT, NO_LEAK);

  /** What slots that are asked for by the names of their limits are judged by. */
  public static final Set<Rule> OF_SLOTS = EnumSet.range(WITHIN_LIMIT, FENCED);

  private final String sentence;

  Rule(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }
}
