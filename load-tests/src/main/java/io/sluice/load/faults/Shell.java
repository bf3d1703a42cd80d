package io.sluice.load.faults;

import io.sluice.load.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of this machine. */
final class Shell {
  private static final long SECONDS_MAX = 120;

  private Shell() {}

  /** What came of a program. */
  record Ended(int code, String output) {
    boolean isOk() {
      return code == 0;
    }
  }

  /**
   * Runs a program to its end.
   *
   * @throws Failure if it cannot be started or takes longer than two minutes
   */
  static Ended attempt(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new Failure(
            "'%s' did not end within %d s".formatted(String.join(" ", command), SECONDS_MAX),
            "Try it by hand.",
            null);
      }
      return new Ended(process.exitValue(), output.strip());
    } catch (IOException failed) {
      return new Ended(-1, failed.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failure("Interrupted.", "Start it again.", interrupted);
    }
  }

  /**
   * @throws Failure if the program fails
   */
  static String run(String... command) {
    return run(List.of(command));
  }

  static String run(List<String> command) {
    var ended = attempt(command);
    if (!ended.isOk()) {
      throw new Failure(
          "'%s' failed (%d): %s".formatted(String.join(" ", command), ended.code(), ended.output()),
          "Try it by hand.",
          null);
    }
    return ended.output();
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
