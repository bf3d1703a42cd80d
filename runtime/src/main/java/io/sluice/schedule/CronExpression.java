package io.sluice.schedule;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a cron expression allows. Understands what croniter 6 as shipped with Prefect 3.8.8 does:
 * five fields (minute, hour, day of month, month, day of week), a sixth for seconds and a seventh
 * for years; names of months and days; {@code L} for the last day of the month, {@code L5} for its
 * last Friday, {@code 5#2} for its second; ranges that wrap around; {@code @hourly} to {@code
 * @yearly}. Random and hashed fields are refused, as by Prefect.
 */
public record CronExpression(
    NavigableSet<Integer> seconds,
    NavigableSet<Integer> minutes,
    NavigableSet<Integer> hours,
    CronDays days,
    NavigableSet<Integer> months,
    Optional<NavigableSet<Integer>> years) {

  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private static final int FIELDS_MIN = 5;

  /** All minutes, hours, days and months one by one are 500 characters. */
  private static final int LENGTH_MAX = 1000;

  /**
   * @throws BadSchedule if it cannot be understood, or is longer than 1000 characters
   */
  public static CronExpression parse(String text) {
    if (text.length() > LENGTH_MAX) {
      throw bad(
          text.substring(0, 40) + "...",
          "it has %d characters, at most %d are taken".formatted(text.length(), LENGTH_MAX));
    }
    var lower = text.toLowerCase(Locale.ROOT);
    var fields = List.of(NICKNAMES.getOrDefault(lower, lower).strip().split("\\s+"));
    if (fields.size() < FIELDS_MIN || fields.size() > CronField.values().length) {
      throw bad(text, "it has %d fields, not 5, 6 or 7".formatted(fields.size()));
    }
    if (fields.stream().anyMatch(field -> field.matches("[hr](\\(.*\\))?(/.*)?"))) {
      throw new BadSchedule(
          "Random and Hashed expressions are unsupported, received: \"%s\"".formatted(text));
    }
    var parsed = new ArrayList<CronField.Values>();
    try {
      for (int i = 0; i < fields.size(); i++) {
        parsed.add(CronField.values()[i].parse(fields.get(i), fields.size()));
      }
      return of(fields, parsed);
    } catch (BadSchedule wrong) {
      throw bad(text, wrong.getMessage());
    }
  }

  private static CronExpression of(List<String> fields, List<CronField.Values> parsed) {
    return new CronExpression(
        parsed.size() > FIELDS_MIN ? parsed.get(5).numbers() : new TreeSet<>(List.of(0)),
        parsed.get(0).numbers(),
        parsed.get(1).numbers(),
        CronDays.of(fields.get(2), parsed.get(2), fields.get(4), parsed.get(4)),
        parsed.get(3).numbers(),
        parsed.size() > FIELDS_MIN + 1 && !parsed.get(6).star()
            ? Optional.of(parsed.get(6).numbers())
            : Optional.empty());
  }

  private static BadSchedule bad(String text, String why) {
    return new BadSchedule("Invalid cron string: \"%s\": %s.".formatted(text, why));
  }

  boolean fits(LocalDate day, boolean eitherDay) {
    return years.map(some -> some.contains(day.getYear())).orElse(true)
        && months.contains(day.getMonthValue())
        && days.fit(day, eitherDay);
  }

  /** The first time of day that is not before {@code from}. */
  Optional<LocalTime> timeFrom(LocalTime from) {
    for (int hour : hours.tailSet(from.getHour(), true)) {
      boolean sameHour = hour == from.getHour();
      for (int minute : minutes.tailSet(sameHour ? from.getMinute() : 0, true)) {
        boolean sameMinute = sameHour && minute == from.getMinute();
        var second = seconds.ceiling(sameMinute ? from.getSecond() : 0);
        if (second != null) {
          return Optional.of(LocalTime.of(hour, minute, second));
        }
      }
    }
    return Optional.empty();
  }
}
