package io.sluice.load.compare;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end of a round, which all its clients wait for beside what they wait for themselves. */
final class Deadline {
  private final CountDownLatch over = new CountDownLatch(1);

  /** Waits; true if the round is still on then. */
  boolean pause(Duration time) throws InterruptedException {
    return !over.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits until {@link System#nanoTime()} is {@code nanos}; true if the round is still on then. */
  boolean pauseUntil(long nanos) throws InterruptedException {
    return pause(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Ends the round now. */
  void end() {
    over.countDown();
  }
}
