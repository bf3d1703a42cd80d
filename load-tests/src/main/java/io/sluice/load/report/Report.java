package io.sluice.load.report;

import io.sluice.load.Failure;
import io.sluice.load.compare.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes reports. */
public final class Report {
  public static final String MARKDOWN = "report.md";
  public static final String HTML = "report.html";
  public static final String JSON = "report.json";

  private Report() {}

  /** Medians, ranges and ratios, as Markdown that can be read as it is. */
  public static String text(Comparison comparison) {
    return MarkdownReport.of(comparison);
  }

  /**
   * @throws Failure if it cannot be made
   */
  public static void makeDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException failed) {
      throw noDirectory(directory, failed);
    }
  }

  /**
   * Writes all three files, over those that are there.
   *
   * @throws Failure if they cannot be written
   */
  public static void write(Comparison comparison, Path directory) {
    var at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try {
      Files.writeString(directory.resolve(MARKDOWN), MarkdownReport.of(comparison));
      Files.writeString(directory.resolve(HTML), HtmlReport.of(comparison, at));
      Files.writeString(
          directory.resolve(JSON), JsonReport.of(comparison, at).toPrettyString() + "\n");
    } catch (IOException failed) {
      throw noDirectory(directory, failed);
    }
  }

  private static Failure noDirectory(Path directory, IOException failed) {
    return new Failure(
        "The report cannot be written to %s: %s.".formatted(directory, failed.getMessage()),
        "Name a directory that can be made or written to with --out.",
        failed);
  }
}
