package io.sluice.run;

import io.sluice.limit.LimitReply.Busy;
import java.time.Duration;

/** Says in one line why a run waits for a slot. */
public final class Waits {
  private Waits() {}

  static String line(Busy busy) {
    return line(
        busy.limit().name(),
        busy.activeSlots(),
        busy.limit().slots(),
        busy.position(),
        busy.estimate());
  }

  /**
   * @param position in line, 1 is next
   * @param estimate when its turn should come; zero if nobody can tell
   */
  public static String line(
      String limit, int activeSlots, int slots, int position, Duration estimate) {
    return "Waits for a slot of %s: %d of %d are held, %s in line%s."
        .formatted(limit, activeSlots, slots, place(position), soon(estimate));
  }

  private static String place(int position) {
    return position == 1 ? "next" : "number " + position;
  }

  private static String soon(Duration estimate) {
    return estimate.isZero() ? "" : ", in about %d s".formatted(estimate.getSeconds() + 1);
  }
}
