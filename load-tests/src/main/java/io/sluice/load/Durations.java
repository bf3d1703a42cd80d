package io.sluice.load;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 100ms}, {@code 10s}, {@code 5m}. */
public final class Durations implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");
  private static final double MILLIS = 1000;

  @Override
  public Duration convert(String text) {
    var found = FORM.matcher(text);
    if (!found.matches()) {
      throw new TypeConversionException(
          "'%s' is no duration; write e.g. 100ms, 10s or 5m".formatted(text));
    }
    long amount = Long.parseLong(found.group(1));
    return switch (found.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }

  public static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }

  /** Seconds with two digits. */
  public static String text(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", seconds(duration));
  }
}
