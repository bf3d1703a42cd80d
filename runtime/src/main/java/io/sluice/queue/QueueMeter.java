package io.sluice.queue;

import java.time.Duration;

/** Measures one owner of a work queue. Told everything by that owner, one thing at a time. */
public interface QueueMeter {
  QueueMeter NONE =
      new QueueMeter() {
        @Override
        public void known(String label, QueuedRuns runs) {}

        @Override
        public void arrived() {}

        @Override
        public void dispatched(Duration wait) {}

        @Override
        public void left() {}
      };

  /**
   * These are the runs of the queue now.
   *
   * @param label pool and queue name, as in {@link QueueTerms#label}
   */
  void known(String label, QueuedRuns runs);

  /** A run came that was not waiting before. */
  void arrived();

  /** A run that waited went on to PENDING, so long after it was due. */
  void dispatched(Duration wait);

  /** The owner is no longer here, or the queue is gone. May be told twice. */
  void left();
}
