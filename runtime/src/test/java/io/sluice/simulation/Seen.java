package io.sluice.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often each kind of thing happened. */
public final class Seen {
  private final Map<String, Long> counts = new TreeMap<>();

  public void add(Enum<?> what) {
    add(key(what));
  }

  public void add(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  public void add(Seen other) {
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
  }

  public long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** All counts. */
  public String dump() {
    return counts.toString();
  }

  /** The name under which {@code what} is counted. */
  public static String key(Enum<?> what) {
    return what.getDeclaringClass().getSimpleName() + "." + what.name();
  }
}
