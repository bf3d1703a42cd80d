package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;

/** Measures one owner of a limit. Told everything by that owner, one thing at a time. */
public interface LimitMeter {
  /** Measures nothing; then nothing is prepared for it either. */
  LimitMeter NONE =
      new LimitMeter() {
        @Override
        public void recovered(Standing standing, Duration took) {}

        @Override
        public void answered(LimitTally tally, Standing standing, Instant at) {}

        @Override
        public void appended(Duration took) {}

        @Override
        public void fenced(boolean holds) {}

        @Override
        public void left() {}
      };

  /** The owner is in memory and answers. */
  void recovered(Standing standing, Duration took);

  /** A round is written, if it had to be, and at {@code at} all in it had their answers. */
  void answered(LimitTally tally, Standing standing, Instant at);

  /** A row of the journal was written. */
  void appended(Duration took);

  /** Somebody asked whether a fencing token counts. */
  void fenced(boolean holds);

  /** The owner is no longer here. May be told twice, and may be followed by {@link #recovered}. */
  void left();
}
