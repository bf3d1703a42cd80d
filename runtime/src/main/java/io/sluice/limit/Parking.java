package io.sluice.limit;

import java.time.Duration;

/**
 * The wait for one request that may be ended before the request is under way. One thread begins it,
 * and any may end it.
 */
public final class Parking {
  private Acquisition parked;
  private boolean ended;
  private Duration keepPlace;

  /** {@code acquisition} waits from now on; no more at once if the wait was ended before. */
  public synchronized void begin(Acquisition acquisition) {
    parked = acquisition;
    if (ended) {
      acquisition.withdraw(keepPlace);
    }
  }

  /** Ends the wait, now or as soon as it begins; see {@link Acquisition#withdraw}. */
  public synchronized void end(Duration keepPlace) {
    ended = true;
    this.keepPlace = keepPlace;
    if (parked != null) {
      parked.withdraw(keepPlace);
    }
  }
}
