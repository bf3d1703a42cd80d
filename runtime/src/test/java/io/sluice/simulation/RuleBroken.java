package io.sluice.simulation;

/** Something happened in a simulated world that must not happen. */
public final class RuleBroken extends AssertionError {
  private static final long serialVersionUID = 1;

  private final String rule;

  RuleBroken(long seed, long now, String rule, String what) {
    super("seed %d, at %.6f s: %s: %s".formatted(seed, now / 1e6, rule, what));
    this.rule = rule;
  }

  public String rule() {
    return rule;
  }
}
