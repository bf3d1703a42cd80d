package io.sluice.schedule;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TimeZone;
import java.util.regex.Pattern;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * One RRULE with its first date and its last. The dates themselves are lib-recur's; it is given
 * local times, and never the end, which has rules of its own.
 *
 * @param rule what lib-recur reads
 * @param until the last possible date, null for no end
 */
record DateRule(RecurrenceRule rule, LocalDateTime start, LocalDateTime until) {
  private static final String WEEKDAY = "(MO|TU|WE|TH|FR|SA|SU)";
  private static final String MONTH_DAY = "[+-]?(0?[1-9]|[12]\\d|3[01])";
  private static final String YEAR_DAY = "[+-]?0*([1-9]\\d?|[12]\\d\\d|3[0-5]\\d|36[0-6])";
  private static final String ALL_MONTHS = "1,2,3,4,5,6,7,8,9,10,11,12";

  /** The parts that a rule may have, and their form. */
  private static final Map<String, Pattern> PARTS =
      Map.ofEntries(
          part("FREQ", "SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY"),
          part("INTERVAL", "0*[1-9]\\d{0,8}"),
          part("COUNT", "\\d{1,9}"),
          part("UNTIL", ".*"),
          part("WKST", WEEKDAY),
          list("BYSETPOS", YEAR_DAY),
          list("BYMONTH", "0?[1-9]|1[0-2]"),
          list("BYMONTHDAY", MONTH_DAY),
          list("BYYEARDAY", YEAR_DAY),
          list("BYWEEKNO", "[+-]?(0?[1-9]|[1-4]\\d|5[0-3])"),
          list("BYDAY", "([+-]?\\d{1,2})?" + WEEKDAY),
          list("BYHOUR", "[01]?\\d|2[0-3]"),
          list("BYMINUTE", "[0-5]?\\d"),
          list("BYSECOND", "[0-5]?\\d"));

  private static Map.Entry<String, Pattern> part(String name, String form) {
    return Map.entry(name, Pattern.compile(form));
  }

  /**
   * @param text the parts of an RRULE, in upper case
   * @param start the first date, and whether it names a zone, as the end then has to
   * @param anchored whether the first date was given with the rule
   * @throws BadSchedule if it cannot be understood
   */
  static DateRule parse(String text, RuleDate start, boolean anchored) {
    var parts = parts(text);
    if (!parts.containsKey("FREQ")) {
      throw new BadSchedule("it has no FREQ");
    }
    var until = parts.remove("UNTIL");
    var end = until == null ? null : RuleDate.parse(until);
    if (end != null && anchored && end.zoned() != start.zoned()) {
      throw new BadSchedule(
          "UNTIL must be in UTC (end in Z) if DTSTART names a time zone, and must not otherwise");
    }
    spellOut(parts);
    var words = new StringBuilder();
    parts.forEach((name, value) -> words.append(name).append('=').append(value).append(';'));
    words.setLength(words.length() - 1);
    try {
      var rule = new RecurrenceRule(words.toString(), RfcMode.RFC5545_LAX);
      return new DateRule(rule, start.local(), end == null ? null : end.local());
    } catch (InvalidRecurrenceRuleException | IllegalArgumentException wrong) {
      throw new BadSchedule(wrong.getMessage());
    }
  }

  private static Map.Entry<String, Pattern> list(String name, String form) {
    return part(name, "(%s)(,(%s))*".formatted(form, form));
  }

  private static Map<String, String> parts(String text) {
    var parts = new LinkedHashMap<String, String>();
    for (var part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      var name = equals < 0 ? part : part.substring(0, equals);
      var known = name.equals("BYWEEKDAY") ? "BYDAY" : name;
      var value = part.substring(equals + 1);
      if (!PARTS.containsKey(known)) {
        throw new BadSchedule("'%s' is no part of a rule".formatted(name));
      } else if (!PARTS.get(known).matcher(value).matches()) {
        throw new BadSchedule("'%s' is no %s".formatted(value, name));
      }
      parts.put(known, value);
    }
    return parts;
  }

  /** Where lib-recur would take the day or the month of the start, dateutil takes all. */
  private static void spellOut(Map<String, String> parts) {
    if (parts.containsKey("BYWEEKNO")) {
      parts.putIfAbsent("BYDAY", "MO,TU,WE,TH,FR,SA,SU");
    }
    boolean anyMonth =
        "YEARLY".equals(parts.get("FREQ"))
            && parts.containsKey("BYMONTHDAY")
            && !parts.containsKey("BYWEEKNO")
            && !parts.containsKey("BYYEARDAY");
    if (anyMonth && parts.getOrDefault("BYDAY", "MO").matches("[A-Z,]*")) {
      parts.putIfAbsent("BYMONTH", ALL_MONTHS);
    }
  }

  /** Whether it may repeat every minute or second without end. */
  boolean isFine() {
    boolean often =
        switch (rule.getFreq()) {
          case MINUTELY, SECONDLY -> true;
          default -> false;
        };
    return often && rule.getCount() == null;
  }

  /** Seconds between two dates of a rule that {@link #isFine}. */
  long periodSeconds() {
    return rule.getInterval() * (rule.getFreq() == org.dmfs.rfc5545.recur.Freq.MINUTELY ? 60L : 1L);
  }

  /** Dates that are not before {@code from}, in order, as far as the budget goes. */
  Iterator<LocalDateTime> from(LocalDateTime from, StepBudget budget) {
    Dates dates;
    try {
      var all = rule.iterator(millis(near(from)), TimeZone.getTimeZone("UTC"));
      dates = new Dates(all, budget);
    } catch (IllegalArgumentException | IllegalStateException none) {
      return Collections.emptyIterator();
    }
    if (rule.getCount() == null && from.isAfter(start)) {
      dates.skipTo(millis(from));
    }
    while (dates.hasNext() && dates.next.isBefore(from)) {
      dates.next();
    }
    return dates;
  }

  /**
   * A start from which the dates that are not before {@code from} are the same, and not far: going
   * through all seconds of a century one by one takes minutes. What repeats within days repeats in
   * step with its period, whatever else the rule says; months and years are few.
   */
  private LocalDateTime near(LocalDateTime from) {
    long unit =
        switch (rule.getFreq()) {
          case SECONDLY -> 1;
          case MINUTELY -> 60;
          case HOURLY -> 3600;
          case DAILY -> 86_400;
          default -> 0;
        };
    if (unit == 0 || rule.getCount() != null) {
      return start;
    }
    long period = unit * rule.getInterval();
    long periods = Duration.between(start, from).getSeconds() / period - 1;
    return periods > 0 ? start.plusSeconds(periods * period) : start;
  }

  private static long millis(LocalDateTime local) {
    return local.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** lib-recur's dates up to the end; it gives up on rules without dates by an exception. */
  private final class Dates implements Iterator<LocalDateTime> {
    private final RecurrenceRuleIterator all;
    private final StepBudget budget;
    private LocalDateTime next;

    Dates(RecurrenceRuleIterator all, StepBudget budget) {
      this.all = all;
      this.budget = budget;
      this.next = find();
    }

    void skipTo(long millis) {
      if (next != null && millis(next) < millis) {
        try {
          all.fastForward(millis);
        } catch (IllegalArgumentException | IllegalStateException none) {
          next = null;
          return;
        }
        next = find();
      }
    }

    private LocalDateTime find() {
      try {
        if (!budget.take() || !all.hasNext()) {
          return null;
        }
        var date =
            LocalDateTime.ofEpochSecond(Math.floorDiv(all.nextMillis(), 1000L), 0, ZoneOffset.UTC);
        return until != null && date.isAfter(until) ? null : date;
      } catch (IllegalArgumentException | IllegalStateException none) {
        return null;
      }
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
}
