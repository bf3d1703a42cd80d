package io.sluice.load.report;

/** Where the tool runs; a figure means little without. */
final class Machine {
  private Machine() {}

  static String text() {
    return "%d processors, %s %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.version"));
  }
}
