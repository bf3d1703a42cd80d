package io.sluice.load.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as reports show them. */
final class Numbers {
  private static final double LARGE = 1000;
  private static final double MIDDLE = 10;

  private Numbers() {}

  /** Whole numbers as such, others with three or four digits that count. */
  static String text(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) || size >= LARGE) {
      return format("%.0f", value);
    }
    return size >= MIDDLE ? format("%.1f", value) : format("%.3f", value);
  }

  static String text(OptionalDouble value) {
    return value.isEmpty() ? "–" : text(value.getAsDouble());
  }

  /** {@code 1.50 ×}. */
  static String ratio(OptionalDouble ratio) {
    return ratio.isEmpty() ? "–" : format("%.3g ×", ratio.getAsDouble());
  }

  static String format(String format, Object... facts) {
    return String.format(Locale.ROOT, format, facts);
  }
}
