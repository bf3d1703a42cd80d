package io.sluice.run;

import io.sluice.limit.LimitReply.Busy;
import java.time.Duration;

/** Says in one line why a run waits for a slot. */
final class Waits {
  private Waits() {}

  static String line(Busy busy) {
    return "Waits for a slot of %s: %d of %d are held, %s in line%s."
        .formatted(
            busy.limit().name(),
            busy.activeSlots(),
            busy.limit().slots(),
            place(busy.position()),
            soon(busy.estimate()));
  }

  private static String place(int position) {
    return position == 1 ? "next" : "number " + position;
  }

  private static String soon(Duration estimate) {
    return estimate.isZero() ? "" : ", in about %d s".formatted(estimate.getSeconds() + 1);
  }
}
