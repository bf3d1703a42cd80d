package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The unmodified Prefect client, command line and workers against the packaged jar. Runs in {@code
 * mvn verify}, after the jar is there, by {@code src/test/python/accept.py}.
 *
 * <p>The interpreter is named by {@code -Dsluice.python} or {@code SLUICE_PYTHON}, and must then
 * have Prefect; otherwise {@code python3} is taken if it has, and the test is skipped if not.
 * {@code -Dsluice.acceptance=gcl,worker} chooses cases by parts of their names.
 */
@DisplayName("the real Prefect client")
class PrefectAcceptance {
  private static final Path SCRIPTS = Path.of("src", "test", "python");
  private static final String VERSION =
      "import importlib.metadata as m; print(m.version('prefect'))";

  @Test
  void finds_in_sluice_what_it_expects_of_a_server() throws Exception {
    var python = interpreter();
    var command = new ArrayList<>(List.of(python, SCRIPTS.resolve("accept.py").toString()));
    Optional.ofNullable(System.getProperty("sluice.acceptance"))
        .ifPresent(cases -> command.addAll(List.of("-k", cases)));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var lines = process.inputReader()) {
      lines.lines().forEach(System.out::println);
    } finally {
      process.destroy();
    }
    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
  }

  /** An interpreter with the wanted Prefect; aborts the test, loudly, if nobody named one. */
  private static String interpreter() throws IOException, InterruptedException {
    var wanted = Files.readString(SCRIPTS.resolve("requirements.txt")).strip();
    var named =
        Optional.ofNullable(System.getProperty("sluice.python"))
            .or(() -> Optional.ofNullable(System.getenv("SLUICE_PYTHON")));
    var python = named.orElse("python3");
    var found = "prefect==" + prefectOf(python);
    if (named.isPresent()) {
      assertThat(found).as("Prefect of the interpreter %s", python).isEqualTo(wanted);
    } else if (!found.equals(wanted)) {
      var why =
          "SKIPPED: the real Prefect client was not run; %s has no %s".formatted(python, wanted);
      System.out.println(notice(why));
      abort(why);
    }
    return python;
  }

  private static String notice(String why) {
    return """

        ********************************************************************************
        %s.
        To run it:
          python3 -m venv ~/.cache/sluice-acceptance
          ~/.cache/sluice-acceptance/bin/pip install -r cluster-config/%s/requirements.txt
          SLUICE_PYTHON=~/.cache/sluice-acceptance/bin/python mvn verify
        ********************************************************************************
        """
        .formatted(why, SCRIPTS);
  }

  /** The version of Prefect that {@code python} has; empty if it has none or does not start. */
  private static String prefectOf(String python) throws InterruptedException {
    try {
      var asked = new ProcessBuilder(python, "-c", VERSION).start();
      try (var lines = asked.inputReader()) {
        var version = lines.lines().findFirst().orElse("");
        return asked.waitFor() == 0 ? version : "";
      }
    } catch (IOException absent) {
      return "";
    }
  }
}
