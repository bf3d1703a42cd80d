package io.sluice;

/** Told when something changes at a limit. */
@FunctionalInterface
public interface LimitListener {

  /**
   * Slots were taken or came back, somebody joined or left the line, or the limit was changed.
   * Changes that come faster than this returns are told as one, with the latest figures. Called by
   * one thread that all limit listeners of a {@link Sluice} share: return soon. What it throws is
   * logged.
   */
  void changed(LimitChange now);

  /**
   * The figures after a change.
   *
   * @param limit the limit's name
   * @param exists false: the limit was deleted, and nothing more will be told
   * @param enabled see {@link LimitState#enabled()}
   * @param slots how many it has
   * @param held slots that are taken; those that come back by time alone are told with the next
   *     change
   * @param waiting requests in line
   */
  record LimitChange(
      String limit, boolean exists, boolean enabled, int slots, int held, int waiting) {}

  /** Ends the telling. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    /** No call begins after this returned; one may be under way. Never throws. */
    @Override
    void close();
  }
}
