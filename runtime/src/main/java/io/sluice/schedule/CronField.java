package io.sluice.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The fields of a cron expression in their order, and how one is read (croniter 6, {@code _expand},
 * whose reading of odd ranges is kept: from a larger to a smaller number it wraps around, and from
 * a number to itself it is the whole field).
 */
enum CronField {
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY("day of month", 1, 31, ""),
  MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
  WEEKDAY("day of week", 0, 6, "sun mon tue wed thu fri sat"),
  SECOND("second", 0, 59, ""),
  YEAR("year", 1970, 2099, "");

  /** The number of the last such weekday of a month. */
  static final int LAST = -1;

  private static final int NTH_MAX = 5;
  private static final int SUNDAY_TOO = 7;
  private static final int UNIX_FIELDS = 5;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern STEPPED = Pattern.compile("([^-]+)-([^-/]+)(?:/(\\d{1,9}))?");
  private static final Pattern NUMBERED =
      Pattern.compile("(?:((?:[a-z]{3}-[a-z]{3})|\\w+)#|l)(\\d{1,9})");

  /**
   * What a field allows.
   *
   * @param star whether it restricts nothing
   * @param last whether it names the last day of the month
   * @param nth for weekdays: which ones in the month
   */
  record Values(
      boolean star, boolean last, NavigableSet<Integer> numbers, Map<Integer, Set<Integer>> nth) {}

  private final String words;
  private final int min;
  private final int max;
  private final List<String> names;

  CronField(String words, int min, int max, String names) {
    this.words = words;
    this.min = min;
    this.max = max;
    this.names = names.isEmpty() ? List.of() : List.of(names.split(" "));
  }

  NavigableSet<Integer> all() {
    return range(min, max, 1);
  }

  private static NavigableSet<Integer> range(int from, int to, int step) {
    return IntStream.rangeClosed(from, to)
        .filter(n -> (n - from) % step == 0)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @param text in lower case
   * @param fields how many the expression has
   */
  Values parse(String text, int fields) {
    if (text.equals("?") && (this == DAY || this == WEEKDAY)) {
      return new Values(true, false, all(), Map.of());
    }
    boolean star = false;
    boolean last = false;
    var numbers = new TreeSet<Integer>();
    var nth = new HashMap<Integer, Set<Integer>>();
    for (var part : text.split(",", -1)) {
      if (part.equals("*")) {
        star = true;
      } else if (part.equals("l") && this == DAY) {
        last = true;
      } else {
        numbers.addAll(part(part, fields, nth));
      }
    }
    return new Values(star, last, star ? all() : numbers, nth);
  }

  private Set<Integer> part(String part, int fields, Map<Integer, Set<Integer>> nth) {
    var numbered = NUMBERED.matcher(part);
    if (this != WEEKDAY || !numbered.matches()) {
      return stepped(part, fields);
    }
    int number = Integer.parseInt(numbered.group(2));
    boolean ofLast = numbered.group(1) == null;
    var days = ofLast ? Set.of(checked(alias(number, fields))) : stepped(numbered.group(1), fields);
    if (!ofLast && (number < 1 || number > NTH_MAX)) {
      throw new BadSchedule("'%s' is not the 1st to 5th day of the week".formatted(part));
    }
    days.forEach(d -> nth.computeIfAbsent(d, day -> new TreeSet<>()).add(ofLast ? LAST : number));
    return days;
  }

  private Set<Integer> stepped(String part, int fields) {
    var steps = STEPPED.matcher(part.startsWith("*/") ? min + "-" + max + part.substring(1) : part);
    if (!steps.matches()) {
      steps = STEPPED.matcher(part.replaceFirst("^(.+)/(.+)$", "$1-" + max + "/$2"));
    }
    if (!steps.matches()) {
      return Set.of(checked(alias(number(part), fields)));
    }
    var high = this == DAY && steps.group(2).equals("l") ? String.valueOf(max) : steps.group(2);
    int step = steps.group(3) == null ? 1 : Integer.parseInt(steps.group(3));
    if (step == 0) {
      throw new BadSchedule("'%s' has a step of 0".formatted(part));
    }
    int from = checked(alias(number(steps.group(1)), fields));
    int to = checked(alias(number(high), fields));
    if (from == to) {
      return range(min, max, step);
    }
    return from < to ? range(from, to, step) : wrapped(from, to, step);
  }

  /** From {@code from} to the end of the field and on from its beginning. */
  private Set<Integer> wrapped(int from, int to, int step) {
    var numbers = range(from, max, step);
    int left = max - numbers.last();
    numbers.addAll(range(min + (step > left + 1 ? step - left : 0), to, step));
    return numbers;
  }

  private int number(String text) {
    if (NUMBER.matcher(text).matches()) {
      return Integer.parseInt(text);
    }
    int place = names.indexOf(text);
    if (place < 0) {
      throw new BadSchedule("'%s' is no %s".formatted(text, words));
    }
    return this == MONTH ? place + 1 : place;
  }

  /** 7 is Sunday too; with seconds, day 0 is day 1. */
  private int alias(int number, int fields) {
    if (this == WEEKDAY && number == SUNDAY_TOO && fields == UNIX_FIELDS) {
      return 0;
    }
    return this == DAY && number == 0 && fields == UNIX_FIELDS + 1 ? 1 : number;
  }

  private int checked(int number) {
    if (number < min || number > max) {
      throw new BadSchedule("%d is no %s from %d to %d".formatted(number, words, min, max));
    }
    return number;
  }
}
