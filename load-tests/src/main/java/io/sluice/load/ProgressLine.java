package io.sluice.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Says once a second how far a burst is. */
final class ProgressLine implements Runnable {
  static final Duration EVERY = Duration.ofSeconds(1);

  private final PrintWriter err;
  private final Progress progress;
  private final int runs;
  private final long began = System.nanoTime();

  ProgressLine(PrintWriter err, Progress progress, int runs) {
    this.err = err;
    this.progress = progress;
    this.runs = runs;
  }

  @Override
  public void run() {
    err.printf(
        Locale.ROOT,
        "%6.1f s  created %d/%d  finished %d%n",
        (System.nanoTime() - began) / 1e9,
        progress.created(),
        runs,
        progress.finished());
    err.flush();
  }
}
