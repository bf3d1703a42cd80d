package io.sluice.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;

/**
 * The dates of calendar rules (RFC 5545) on the clock of {@code zone}: those of any rule or date
 * that is included, without those of any that is excluded. Offsets and zones written into the text
 * do not count, as in Prefect 3.8.8 (server/schemas/schedules.py RRuleSchedule): dates are on the
 * clock of the schedule. There are no more dates when {@link StepBudget#STEPS_MAX} were looked at.
 */
public record CalendarRule(RuleText text, ZoneId zone) implements Recurrence {

  @Override
  public Iterator<Instant> from(Instant start) {
    var first = WallTimes.firstLocal(start, zone);
    var budget = new StepBudget();
    var included = dates(text.rules(), text.dates(), first, budget);
    var excluded = dates(text.excludedRules(), text.excludedDates(), first, budget);
    return new WallTimes(new DatesWithout(included, excluded, budget), zone, start);
  }

  private static MergedDates dates(
      List<DateRule> rules, List<LocalDateTime> dates, LocalDateTime first, StepBudget budget) {
    var sources = new java.util.ArrayList<Iterator<LocalDateTime>>();
    rules.forEach(rule -> sources.add(rule.from(first, budget)));
    sources.add(dates.stream().sorted().dropWhile(date -> date.isBefore(first)).iterator());
    return new MergedDates(sources);
  }
}
