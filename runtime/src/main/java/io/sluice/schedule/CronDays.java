package io.sluice.schedule;

import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;

/**
 * Which days a cron expression allows.
 *
 * @param anyDay whether the day of the month is not restricted
 * @param lastDay whether the last day of the month is meant too
 * @param anyWeekday whether the day of the week is not restricted
 * @param weekdays 0 for Sunday
 * @param nth which ones in the month of each weekday are meant, {@link CronField#LAST} for the
 *     last; if there are any, {@code weekdays} does not count
 */
record CronDays(
    boolean anyDay,
    NavigableSet<Integer> daysOfMonth,
    boolean lastDay,
    boolean anyWeekday,
    NavigableSet<Integer> weekdays,
    Map<Integer, Set<Integer>> nth) {

  private static final int WEEK = 7;

  /**
   * A field that spells out all days restricts nothing if the other field holds a star (croniter,
   * LEN_MEANS_ALL).
   */
  static CronDays of(
      String dayText, CronField.Values day, String weekdayText, CronField.Values weekday) {
    boolean allDays = day.numbers().size() == CronField.DAY.all().size() && !day.last();
    boolean allWeekdays = weekday.numbers().size() == WEEK;
    var others = new java.util.TreeSet<>(weekday.numbers());
    others.removeAll(weekday.nth().keySet());
    if (!weekday.nth().isEmpty() && !others.isEmpty() && !weekday.star() && !allWeekdays) {
      throw new BadSchedule("it mixes days of the week with and without a number (5#2, L5)");
    }
    return new CronDays(
        day.star() || allDays && weekdayText.contains("*"),
        day.numbers(),
        day.last(),
        weekday.star() || allWeekdays && dayText.contains("*"),
        weekday.numbers(),
        weekday.nth());
  }

  boolean fit(LocalDate date, boolean either) {
    boolean day = anyDay || fitsDay(date);
    boolean weekday = fitsWeekday(date);
    return either && !anyDay && !anyWeekday ? day || weekday : day && weekday;
  }

  private boolean fitsDay(LocalDate date) {
    return daysOfMonth.contains(date.getDayOfMonth())
        || lastDay && date.getDayOfMonth() == date.lengthOfMonth();
  }

  private boolean fitsWeekday(LocalDate date) {
    int weekday = date.getDayOfWeek().getValue() % WEEK;
    if (nth.isEmpty()) {
      return anyWeekday || weekdays.contains(weekday);
    }
    var meant = nth.getOrDefault(weekday, Set.of());
    boolean isLast = date.equals(date.with(TemporalAdjusters.lastInMonth(date.getDayOfWeek())));
    return meant.contains((date.getDayOfMonth() - 1) / WEEK + 1)
        || isLast && meant.contains(CronField.LAST);
  }
}
