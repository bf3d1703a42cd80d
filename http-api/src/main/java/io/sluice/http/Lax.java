package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Single values in all spellings that Prefect's server takes (pydantic 2, lax mode); empty for what
 * is none.
 */
final class Lax {
  private static final Set<String> TRUE = Set.of("1", "on", "t", "true", "y", "yes");
  private static final Set<String> FALSE = Set.of("0", "off", "f", "false", "n", "no");

  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d*)?");
  private static final Pattern BETWEEN_DIGITS = Pattern.compile("(?<=\\d)_(?=\\d)");

  /** What Python's times can be. */
  private static final Instant TIME_MIN = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /** Greater numbers are milliseconds since 1970, not seconds. */
  private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(20_000_000_000L);

  private static final int DATE_LENGTH = 10;
  private static final int SECOND_NANOS = 1_000_000_000;

  private static final String AMOUNT = "(?:(\\d+(?:\\.\\d*)?)%s)?";

  /** {@code P1DT2H}; an amount of years is one of 365 days, of months one of 30. */
  private static final Pattern ISO_DURATION =
      Pattern.compile(
          "([+-]?)P"
              + AMOUNT.formatted("Y")
              + AMOUNT.formatted("M")
              + AMOUNT.formatted("W")
              + AMOUNT.formatted("D")
              + "(?:T"
              + AMOUNT.formatted("H")
              + AMOUNT.formatted("M")
              + AMOUNT.formatted("S")
              + ")?");

  private static final int[] ISO_SECONDS = {
    365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1
  };

  /** {@code 1 day, 02:30:00}; days or hours may be left out, seconds too. */
  private static final Pattern CLOCK_DURATION =
      Pattern.compile(
          "([+-]?)(?:(\\d+) *d(?:ays?)?,? *)?(?:(\\d+):([0-5]\\d)(?::([0-5]\\d(?:\\.\\d+)?))?)?",
          Pattern.CASE_INSENSITIVE);

  private static final int[] CLOCK_SECONDS = {86_400, 3_600, 60, 1};

  private Lax() {}

  /** Also {@code 1}, {@code "yes"}, {@code "off"} and their like. */
  static Optional<Boolean> bool(JsonNode node) {
    if (node.isBoolean()) {
      return Optional.of(node.booleanValue());
    }
    if (node.isNumber()) {
      return Optional.of(node.doubleValue())
          .filter(number -> number == 0 || number == 1)
          .map(number -> number == 1);
    }
    var text = node.isTextual() ? node.textValue().toLowerCase(Locale.ROOT) : "";
    return TRUE.contains(text)
        ? Optional.of(true)
        : FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  /** Also {@code true} for 1, and texts such as {@code "2"} and {@code "1_000"}. */
  static Optional<BigDecimal> number(JsonNode node) {
    try {
      if (node.isNumber()) {
        return Optional.of(node.decimalValue());
      }
      if (node.isTextual()) {
        var digits = BETWEEN_DIGITS.matcher(node.textValue().trim()).replaceAll("");
        return Optional.of(new BigDecimal(digits));
      }
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
    return node.isBoolean()
        ? Optional.of(node.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO)
        : Optional.empty();
  }

  static Optional<UUID> id(JsonNode node) {
    return node.isTextual() ? Ids.id(node.textValue()) : Optional.empty();
  }

  /**
   * A time in the years 1 to 9999: a text with {@code T} or a blank between date and time, in UTC
   * if it has no offset, or a number of seconds or milliseconds since 1970.
   */
  static Optional<Instant> time(JsonNode node) {
    boolean number = node.isTextual() && NUMBER.matcher(node.textValue()).matches();
    var time =
        node.isNumber() || number
            ? number(node).flatMap(Lax::sinceEpoch)
            : node.isTextual() ? written(node.textValue()) : Optional.<Instant>empty();
    return time.filter(t -> !t.isBefore(TIME_MIN) && !t.isAfter(TIME_MAX));
  }

  private static Optional<Instant> sinceEpoch(BigDecimal number) {
    var seconds = number.abs().compareTo(SECONDS_MAX) > 0 ? number.movePointLeft(3) : number;
    if (seconds.abs().compareTo(BigDecimal.valueOf(TIME_MAX.getEpochSecond())) > 0) {
      return Optional.empty();
    }
    var nanos = seconds.movePointRight(9).setScale(0, RoundingMode.FLOOR).toBigInteger();
    var parts = nanos.divideAndRemainder(java.math.BigInteger.valueOf(SECOND_NANOS));
    return Optional.of(Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue()));
  }

  private static Optional<Instant> written(String text) {
    try {
      var upper = text.toUpperCase(Locale.ROOT).replace(',', '.');
      boolean dateOnly = upper.length() == DATE_LENGTH;
      var iso =
          upper.substring(0, DATE_LENGTH)
              + (dateOnly ? "T00:00:00" : "T" + upper.substring(DATE_LENGTH + 1));
      boolean offset = iso.endsWith("Z") || iso.matches(".*[+-]\\d\\d:?\\d\\d$") && !dateOnly;
      var full = offset ? iso : iso + "Z";
      boolean colonless = full.matches(".*[+-]\\d{4}$");
      int minutes = full.length() - 2;
      return Optional.of(
          OffsetDateTime.parse(
                  colonless ? full.substring(0, minutes) + ":" + full.substring(minutes) : full)
              .toInstant());
    } catch (DateTimeException | StringIndexOutOfBoundsException notOne) {
      return Optional.empty();
    }
  }

  /** A number as people write it. */
  static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /**
   * A span of time in seconds: a number of them, or a text such as {@code PT1H} or {@code 1:30}.
   */
  static Optional<Double> seconds(JsonNode node) {
    if (node.isNumber()) {
      return Optional.of(node.doubleValue()).filter(Double::isFinite);
    }
    if (!node.isTextual()) {
      return Optional.empty();
    }
    var iso = ISO_DURATION.matcher(node.textValue());
    if (iso.matches()) {
      return sum(iso, ISO_SECONDS);
    }
    var clock = CLOCK_DURATION.matcher(node.textValue());
    return clock.matches() ? sum(clock, CLOCK_SECONDS) : Optional.empty();
  }

  /** The amounts in the groups after that of the sign; empty if there is none. */
  private static Optional<Double> sum(Matcher groups, int[] seconds) {
    double sum = 0;
    boolean any = false;
    for (int i = 0; i < seconds.length; i++) {
      var amount = groups.group(i + 2);
      if (amount != null) {
        sum += Double.parseDouble(amount) * seconds[i];
        any = true;
      }
    }
    return any && Double.isFinite(sum)
        ? Optional.of(groups.group(1).equals("-") ? -sum : sum)
        : Optional.empty();
  }
}
