package io.sluice.schedule;

import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Dates that are not excluded. If every date for {@link #EXCLUDED_MAX} dates is excluded there are
 * no more: a rule that excludes itself has no dates.
 */
final class DatesWithout implements Iterator<LocalDateTime> {
  private static final int EXCLUDED_MAX = 100_000;

  private final MergedDates included;
  private final MergedDates excluded;
  private LocalDateTime next;

  DatesWithout(MergedDates included, MergedDates excluded) {
    this.included = included;
    this.excluded = excluded;
    this.next = find();
  }

  private LocalDateTime find() {
    for (int i = 0; i < EXCLUDED_MAX && included.hasNext(); i++) {
      var date = included.next();
      while (excluded.hasNext() && excluded.peek().isBefore(date)) {
        excluded.next();
      }
      if (!date.equals(excluded.peek())) {
        return date;
      }
    }
    return null;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public LocalDateTime next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    var date = next;
    next = find();
    return date;
  }
}
