package io.sluice.load.history;

/** What must hold whatever happens to the node. */
public enum Rule {
  KEPT("every run whose creation was acknowledged is there"),
  NO_STRANGERS("no run is there that nobody created"),
  COMPLETED("every run is COMPLETED, as its worker was told"),
  ONCE("every run ran exactly once, by one worker"),
  WITHIN_LIMIT("never more runs held a slot than the limit allows"),
  LEASES_KEPT("no run lost its lease while it ran"),
  NO_LEAK("no slot is taken when all is over");

  private final String sentence;

  Rule(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }
}
