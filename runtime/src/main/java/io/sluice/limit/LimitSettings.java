package io.sluice.limit;

/**
 * What an operator sets of a limit.
 *
 * @param name unique among all limits; {@code tag:<tag>} and {@code deployment:<id>} name the kinds
 * @param active false: the limit holds nobody back and takes no slots
 * @param slots how many may be held at once, 0 or more
 * @param decayPerSecond how many taken slots come back by themselves each second; 0 for none
 */
public record LimitSettings(String name, boolean active, int slots, double decayPerSecond) {
  public LimitSettings {
    if (slots < 0 || !(decayPerSecond >= 0)) {
      throw new IllegalArgumentException(
          "a limit has 0 or more slots and decay, not %d and %s".formatted(slots, decayPerSecond));
    }
  }

  /** An active limit of {@code slots} slots that only come back by release. */
  public static LimitSettings of(String name, int slots) {
    return new LimitSettings(name, true, slots, 0);
  }

  public LimitSettings withActive(boolean active) {
    return new LimitSettings(name, active, slots, decayPerSecond);
  }

  public LimitSettings withSlots(int slots) {
    return new LimitSettings(name, active, slots, decayPerSecond);
  }

  public LimitSettings withDecay(double decayPerSecond) {
    return new LimitSettings(name, active, slots, decayPerSecond);
  }

  boolean decays() {
    return decayPerSecond > 0;
  }
}
