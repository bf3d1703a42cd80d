package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scripts of {@code src/test/python}, run by an interpreter that has what they need: the one named
 * by {@code -Dsluice.python} or {@code SLUICE_PYTHON}, else {@code python3}.
 */
final class Scripts {
  private static final Path DIRECTORY = Path.of("src", "test", "python");

  private Scripts() {}

  static Optional<String> named() {
    return Optional.ofNullable(System.getProperty("sluice.python"))
        .or(() -> Optional.ofNullable(System.getenv("SLUICE_PYTHON")));
  }

  static String interpreter() {
    return named().orElse("python3");
  }

  /** The last line of a requirements file, such as {@code prefect==3.8.8}. */
  static String wanted(String requirements) throws IOException {
    var lines = Files.readAllLines(DIRECTORY.resolve(requirements));
    return lines.get(lines.size() - 1).strip();
  }

  /** Whether the interpreter has what the last line of a requirements file wants. */
  static boolean has(String requirements) throws IOException, InterruptedException {
    var wanted = wanted(requirements);
    var distribution = wanted.substring(0, wanted.indexOf('='));
    return wanted.equals(distribution + "==" + versionOf(distribution));
  }

  /** Empty if the interpreter has none or does not start. */
  private static String versionOf(String distribution) throws InterruptedException {
    var ask = "import importlib.metadata as m; print(m.version('%s'))".formatted(distribution);
    try {
      var asked = new ProcessBuilder(interpreter(), "-c", ask).start();
      try (var lines = asked.inputReader()) {
        var version = lines.lines().findFirst().orElse("");
        return asked.waitFor() == 0 ? version : "";
      }
    } catch (IOException absent) {
      return "";
    }
  }

  /** Runs a script to its end, which must be good; what it prints is printed. */
  static void run(String script, List<String> arguments) throws Exception {
    var command = new ArrayList<>(List.of(interpreter(), DIRECTORY.resolve(script).toString()));
    command.addAll(arguments);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var lines = process.inputReader()) {
      lines.lines().forEach(System.out::println);
    } finally {
      process.destroy();
    }
    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
  }

  /** Aborts the test, loudly. */
  static void skip(String what, String requirements) throws IOException {
    var why = "SKIPPED: %s; %s has no %s".formatted(what, interpreter(), wanted(requirements));
    System.out.println(notice(why, requirements));
    abort(why);
  }

  private static String notice(String why, String requirements) {
    return """

        ********************************************************************************
        %s.
        To run it:
          python3 -m venv ~/.cache/sluice-acceptance
          ~/.cache/sluice-acceptance/bin/pip install -r cluster-config/%s/%s
          SLUICE_PYTHON=~/.cache/sluice-acceptance/bin/python mvn verify
        ********************************************************************************
        """
        .formatted(why, DIRECTORY, requirements);
  }
}
