package io.sluice.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The text of a calendar rule: lines DTSTART, RRULE, RDATE, EXRULE and EXDATE, or the parts of one
 * RRULE alone (dateutil 2.9, {@code rrulestr}).
 */
public record RuleText(
    boolean anchored,
    List<DateRule> rules,
    List<LocalDateTime> dates,
    List<DateRule> excludedRules,
    List<LocalDateTime> excludedDates) {

  /** Prefect 3.8.8, _internal/schemas/validators.py MAX_RRULE_LENGTH. */
  private static final int LENGTH_MAX = 6500;

  /** Where rules without DTSTART begin (the same file, DEFAULT_RRULE_ANCHOR). */
  private static final LocalDateTime BEGIN = LocalDateTime.of(2020, 1, 1, 0, 0);

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss");

  /**
   * @throws BadSchedule if it cannot be understood, or is longer than 6500 characters
   */
  public static RuleText parse(String text) {
    if (text.length() > LENGTH_MAX) {
      throw new BadSchedule(
          "Invalid RRule string \"%s...\": Max length is %d, got %d"
              .formatted(text.substring(0, 40), LENGTH_MAX, text.length()));
    }
    try {
      return new Reader(text.toUpperCase(Locale.ROOT)).read();
    } catch (BadSchedule wrong) {
      throw new BadSchedule("Invalid RRule string \"%s\": %s.".formatted(text, wrong.getMessage()));
    }
  }

  /**
   * The text with a DTSTART, which Prefect adds where there is none (the same file,
   * normalize_rrule_string): for rules that repeat every minute or second a recent one in step with
   * the default, so that finding the next date takes few steps.
   */
  public static String anchored(String text, ZoneId zone, Instant now) {
    var parsed = parse(text);
    if (parsed.anchored()) {
      return text;
    }
    var start = BEGIN;
    boolean single =
        parsed.rules().size() == 1
            && parsed.dates().isEmpty()
            && parsed.excludedRules().isEmpty()
            && parsed.excludedDates().isEmpty();
    if (single && parsed.rules().get(0).isFine()) {
      long period = parsed.rules().get(0).periodSeconds();
      long since = Duration.between(BEGIN, LocalDateTime.ofInstant(now, zone)).getSeconds();
      start = BEGIN.plusSeconds(Math.max(0, Math.floorDiv(since, period)) * period);
    }
    return "DTSTART:%s\n%s".formatted(DATE.format(start), text);
  }

  /** Takes the lines apart. */
  private static final class Reader {
    private final String text;
    private RuleDate start = new RuleDate(BEGIN, false);
    private boolean anchored;
    private final List<String> rules = new ArrayList<>();
    private final List<String> excludedRules = new ArrayList<>();
    private final List<LocalDateTime> dates = new ArrayList<>();
    private final List<LocalDateTime> excludedDates = new ArrayList<>();

    Reader(String text) {
      this.text = text;
    }

    RuleText read() {
      Arrays.stream(text.strip().split("\\s+")).filter(line -> !line.isEmpty()).forEach(this::line);
      if (rules.isEmpty() && dates.isEmpty()) {
        throw new BadSchedule("it has no RRULE and no RDATE");
      }
      return new RuleText(
          anchored, parsed(rules), List.copyOf(dates), parsed(excludedRules), excludedDates);
    }

    private List<DateRule> parsed(List<String> lines) {
      return lines.stream().map(line -> DateRule.parse(line, start, anchored)).toList();
    }

    private void line(String line) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        rules.add(line);
        return;
      }
      var name = line.substring(0, colon).split(";");
      var value = line.substring(colon + 1);
      boolean zoned = check(name);
      switch (name[0]) {
        case "RRULE" -> rules.add(value);
        case "EXRULE" -> excludedRules.add(value);
        case "RDATE" -> dates.addAll(locals(value));
        case "EXDATE" -> excludedDates.addAll(locals(value));
        case "DTSTART" -> {
          anchored = true;
          start = zoned ? RuleDate.parse(value).inZone() : RuleDate.parse(value);
        }
        default -> throw new BadSchedule("unsupported property '%s'".formatted(name[0]));
      }
    }

    /** Whether the property names a zone. */
    private static boolean check(String[] name) {
      boolean zoned = false;
      for (int i = 1; i < name.length; i++) {
        boolean onDate = name[0].equals("DTSTART") || name[0].equals("EXDATE");
        boolean zone = onDate && name[i].startsWith("TZID=");
        boolean type =
            name[i].equals("VALUE=DATE-TIME") && !name[0].endsWith("RULE")
                || onDate && name[i].equals("VALUE=DATE");
        if (!zone && !type) {
          throw new BadSchedule("unsupported parameter '%s'".formatted(name[i]));
        }
        zoned |= zone;
      }
      return zoned;
    }

    private static List<LocalDateTime> locals(String value) {
      return Arrays.stream(value.split(",")).map(each -> RuleDate.parse(each).local()).toList();
    }
  }
}
