package io.sluice.schedule;

import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Dates that are not excluded. There are no more when the budget is spent, lest a date be taken for
 * one that is not excluded: a rule that excludes itself has no dates.
 */
final class DatesWithout implements Iterator<LocalDateTime> {
  private final MergedDates included;
  private final MergedDates excluded;
  private final StepBudget budget;
  private LocalDateTime next;

  DatesWithout(MergedDates included, MergedDates excluded, StepBudget budget) {
    this.included = included;
    this.excluded = excluded;
    this.budget = budget;
    this.next = find();
  }

  private LocalDateTime find() {
    while (included.hasNext()) {
      var date = included.next();
      while (excluded.hasNext() && excluded.peek().isBefore(date)) {
        excluded.next();
      }
      if (budget.isSpent()) {
        return null;
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
