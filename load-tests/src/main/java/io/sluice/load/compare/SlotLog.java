package io.sluice.load.compare;

import java.util.ArrayList;
import java.util.List;

/** Who held a slot when, as the clients of a round write it down. */
final class SlotLog {
  private final long began = System.nanoTime();
  private final List<Held> held = new ArrayList<>();

  /** Time of the log. */
  long now() {
    return System.nanoTime() - began;
  }

  synchronized void add(Held one) {
    held.add(one);
  }

  synchronized int size() {
    return held.size();
  }

  /** In order of the grants. */
  synchronized List<Held> held() {
    return held.stream().sorted(java.util.Comparator.comparingLong(Held::granted)).toList();
  }
}
