package io.sluice;

/**
 * What a limit is to be.
 *
 * @param name 1 to 200 characters; unique in the cluster
 * @param slots how many slots may be taken at once, 0 or more; 0 lets nobody pass
 * @param refillPerSecond how many taken slots come back by themselves each second, 0 or more; 0 for
 *     none: then slots come back only when a lease ends
 */
public record LimitDefinition(String name, int slots, double refillPerSecond) {
  private static final int NAME_MAX = 200;

  /**
   * @throws IllegalArgumentException if a value is out of its bounds
   */
  public LimitDefinition {
    if (name.isBlank() || name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "the name of a limit has 1 to %d characters, not %d".formatted(NAME_MAX, name.length()));
    }
    if (slots < 0) {
      throw new IllegalArgumentException("a limit has 0 or more slots, not " + slots);
    }
    if (!(refillPerSecond >= 0) || Double.isInfinite(refillPerSecond)) {
      throw new IllegalArgumentException(
          "a limit refills 0 or more slots per second, not " + refillPerSecond);
    }
  }

  /** At most {@code slots} at once, for {@link Sluice#awaitLease}. */
  public static LimitDefinition of(String name, int slots) {
    return new LimitDefinition(name, slots, 0);
  }

  /**
   * On average {@code perSecond}, for {@link Sluice#awaitRate}.
   *
   * @param burst how many may pass at once after a pause, at least 1
   */
  public static LimitDefinition rate(String name, int burst, double perSecond) {
    if (burst < 1 || !(perSecond > 0)) {
      throw new IllegalArgumentException(
          "a rate lets at least 1 pass at once and more than 0 per second, not %d and %s"
              .formatted(burst, perSecond));
    }
    return new LimitDefinition(name, burst, perSecond);
  }
}
