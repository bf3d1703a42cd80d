package io.sluice.limit;

import io.sluice.limit.LimitCommand.IfBusy;
import java.util.List;

/** Requests for slots that a test answers in place of the limits' owners. */
public final class Answered {
  private Answered() {}

  /** Asks nobody; ends when the test completes its {@link Acquisition#outcome()}. */
  public static Acquisition byTest(List<Claim> claims, SlotRequest request, IfBusy ifBusy) {
    var limits = claims.stream().map(Claim::limit).toList();
    return new Acquisition(null, Meant.byId(), limits, same -> claims, request, ifBusy);
  }
}
