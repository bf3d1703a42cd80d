package io.sluice.run;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How a run waits for its slot; see {@code sluice.run} in {@code reference.conf}.
 *
 * @param awaitFor how far ahead a run that found its deployment's limit full is scheduled
 * @param patience a run that was handed to a worker waits with it if its turn comes within this
 * @param lookAhead how many runs of one limit wait with their workers whenever their turn comes
 * @param offerFor for how long a run counts as handed to a worker
 */
public record SlotSettings(Duration awaitFor, Duration patience, int lookAhead, Duration offerFor) {

  public static SlotSettings from(Config run) {
    return new SlotSettings(
        run.getDuration("await-slot-for"),
        run.getDuration("patience"),
        run.getInt("look-ahead"),
        run.getDuration("offer-for"));
  }
}
