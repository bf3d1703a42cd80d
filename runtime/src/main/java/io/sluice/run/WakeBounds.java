package io.sluice.run;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * After how long a run does something by itself; see {@code sluice.run} in {@code reference.conf}.
 *
 * @param lateAfter a run that is not claimed so long after its time is late
 * @param pauseGrace a paused run that nobody resumed fails so long after its timeout
 * @param cancellingFor a run whose cancelling nobody finishes in this time is cancelled
 * @param claimedFor a run that was claimed and goes no further in this time is put back
 * @param submittedFor the same for a run whose infrastructure was asked for; empty for never
 * @param silentFor a run whose process is not heard of for so long has crashed; empty for never
 */
public record WakeBounds(
    Duration lateAfter,
    Duration pauseGrace,
    Duration cancellingFor,
    Duration claimedFor,
    Optional<Duration> submittedFor,
    Optional<Duration> silentFor) {

  private static final String OFF = "off";

  public static WakeBounds from(Config run) {
    return new WakeBounds(
        run.getDuration("late-after"),
        run.getDuration("pause-grace"),
        run.getDuration("cancelling-for"),
        run.getDuration("claimed-for"),
        orOff(run, "submitted-for"),
        orOff(run, "silent-for"));
  }

  private static Optional<Duration> orOff(Config run, String name) {
    return run.getString(name).equals(OFF) ? Optional.empty() : Optional.of(run.getDuration(name));
  }
}
