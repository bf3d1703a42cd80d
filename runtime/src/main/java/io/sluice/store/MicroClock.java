package io.sluice.store;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** A clock whose times come back from the store as they were: with microseconds and no more. */
public record MicroClock(InstantSource clock) implements InstantSource {
  @Override
  public Instant instant() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
