package io.sluice.schedule;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A date as written in a calendar rule.
 *
 * @param zoned whether it was written with a zone or offset
 */
record RuleDate(LocalDateTime local, boolean zoned) {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4})-?(\\d\\d)-?(\\d\\d)(?:T(\\d\\d):?(\\d\\d)(?::?(\\d\\d))?)?"
              + "(Z|[+-]\\d\\d:?\\d\\d)?");

  static RuleDate parse(String text) {
    var form = FORM.matcher(text);
    try {
      if (form.matches()) {
        var day = LocalDate.of(number(form.group(1)), number(form.group(2)), number(form.group(3)));
        var local = day.atTime(number(form.group(4)), number(form.group(5)), number(form.group(6)));
        return new RuleDate(local, form.group(7) != null);
      }
    } catch (DateTimeException none) {
      // Told below: the text has the form of a date but there is no such day or time.
    }
    throw new BadSchedule("'%s' is no date such as 20260131T090000".formatted(text));
  }

  private static int number(String digits) {
    return Optional.ofNullable(digits).map(Integer::parseInt).orElse(0);
  }

  RuleDate inZone() {
    return new RuleDate(local, true);
  }
}
