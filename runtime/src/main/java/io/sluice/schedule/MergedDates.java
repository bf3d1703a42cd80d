package io.sluice.schedule;

import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/** Several rising sequences of dates as one, each date once. */
final class MergedDates implements Iterator<LocalDateTime> {
  private record Source(LocalDateTime next, Iterator<LocalDateTime> rest) {}

  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(Comparator.comparing(Source::next));

  MergedDates(List<Iterator<LocalDateTime>> all) {
    all.forEach(this::add);
  }

  private void add(Iterator<LocalDateTime> source) {
    if (source.hasNext()) {
      sources.add(new Source(source.next(), source));
    }
  }

  @Override
  public boolean hasNext() {
    return !sources.isEmpty();
  }

  /** The next date, or null if there is none. */
  LocalDateTime peek() {
    return sources.isEmpty() ? null : sources.peek().next();
  }

  @Override
  public LocalDateTime next() {
    var date = sources.element().next();
    while (!sources.isEmpty() && sources.peek().next().equals(date)) {
      add(sources.remove().rest());
    }
    return date;
  }
}
