package io.sluice.load.compare;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the clients of a round count together. */
final class Counts {
  private final LongAdder requests = new LongAdder();
  private final LongAdder denied = new LongAdder();
  private final LongAdder gaveUp = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

  void request() {
    requests.increment();
  }

  /** An answer that there is no slot. */
  void denied() {
    denied.increment();
  }

  /** A request that failed for good. */
  void gaveUp() {
    gaveUp.increment();
  }

  /** An attempt that failed; it may be made again. */
  void error(String kind) {
    errors.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  long requests() {
    return requests.sum();
  }

  long deniedTimes() {
    return denied.sum();
  }

  long gaveUpTimes() {
    return gaveUp.sum();
  }

  /** Failed attempts, by status or {@code unanswered}. */
  SortedMap<String, Long> errors() {
    var sums = new TreeMap<String, Long>();
    errors.forEach((kind, count) -> sums.put(kind, count.sum()));
    return sums;
  }
}
