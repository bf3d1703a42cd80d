package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.store.DataDir;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command line")
class CommandLineTest {
  @TempDir Path temp;

  /** What a run of the command line printed, and its exit code. */
  private record Run(int exitCode, String out, String err) {}

  private static Run run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(exitCode, out.toString(), err.toString());
  }

  private static NodeSettings settings(String... arguments) {
    var parsed = Main.commandLine().parseArgs(arguments);
    var start = parsed.subcommand().subcommand().commandSpec().userObject();
    return ((ServerStart) start).settings();
  }

  @Nested
  class OfServerStart {
    @Test
    void has_the_defaults_that_its_help_states() {
      assumeTrue(System.getenv().keySet().stream().noneMatch(name -> name.startsWith("SLUICE_")));
      var settings = settings("server", "start");
      var help = run("server", "start", "--help").out().replaceAll("\\s+", " ");
      assertThat(settings.address()).isEqualTo(new Address("127.0.0.1", 4200));
      assertThat(help).contains("Default: $SLUICE_HOST, or 127.0.0.1.");
      assertThat(help).contains("Default: $SLUICE_PORT, or 4200.");
      assertThat(settings.dataDir()).contains(Path.of(System.getProperty("user.home"), ".sluice"));
      assertThat(help).contains("$SLUICE_DATA_DIR, or $SLUICE_HOME, or ~/.sluice.");
    }

    @Test
    void takes_host_port_and_data_directory() {
      var settings =
          settings("server", "start", "--host=::1", "--port", "0", "--data-dir", temp.toString());
      assertThat(settings.address()).isEqualTo(new Address("::1", 0));
      assertThat(settings.dataDir()).contains(temp);
    }

    @Test
    void refuses_a_port_that_does_not_exist() {
      assertThat(run("server", "start", "--port", "65536"))
          .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
          .satisfies(run -> assertThat(run.err()).contains("--port", "65536"));
      assertThat(run("server", "start", "--port", "http").err()).contains("'http' is not an int");
    }

    @Test
    void states_a_failure_and_the_next_step_and_no_stack_trace() throws Exception {
      Files.writeString(temp.resolve("letter.txt"), "dear");
      var run = run("server", "start", "--data-dir", temp.toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines())
          .satisfiesExactly(
              what -> assertThat(what).startsWith("Error: The data directory " + temp),
              next -> assertThat(next).startsWith("       Choose an empty or new directory"));
    }

    @Test
    void adds_the_stack_trace_with_debug() {
      var run = run("server", "start", "--debug", "--config", temp.resolve("none").toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("cannot be read", "at io.sluice.cli.NodeSettings");
    }
  }

  @Nested
  class OfStoreMove {
    @Test
    void refuses_a_directory_without_data_and_does_not_make_one() {
      var none = temp.resolve("none");
      var run = move(none, "jdbc:postgresql://127.0.0.1:1/x");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("There are no data of a node in " + none, "--data-dir");
      assertThat(none).doesNotExist();
    }

    @Test
    void refuses_a_target_that_is_not_postgresql() throws Exception {
      Files.createFile(temp.resolve("sluice.mv.db"));
      var run = move(temp, "jdbc:h2:mem:x");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("jdbc:h2:mem:x is not PostgreSQL", "--to-url");
    }

    @Test
    void refuses_a_source_that_a_node_uses() throws Exception {
      var database = temp.resolve("sluice.mv.db");
      try (var used = DataDir.open(database, "1", Instant.EPOCH)) {
        Files.createFile(database);
        assertThat(used.wasUsed()).isFalse();
        var run = move(temp, "jdbc:postgresql://127.0.0.1:1/x");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("in use by another Sluice", "Stop the node first");
      }
    }

    private Run move(Path from, String to) {
      return run("store", "move", "--from-data-dir", from.toString(), "--to-url", to);
    }
  }

  @Test
  void helps_at_each_level() {
    assertThat(run("--help").out()).contains("server");
    assertThat(run("server", "--help").out()).contains("start");
    assertThat(run("server", "start", "--help"))
        .satisfies(run -> assertThat(run.exitCode()).isZero())
        .satisfies(run -> assertThat(run.out()).contains("--data-dir=DIR", "Exit codes:"));
  }

  @Test
  void states_the_version_the_build_gave_it() {
    assertThat(run("--version").out()).matches("Sluice \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void suggests_what_was_probably_meant() {
    assertThat(run("server", "start", "--prot", "1"))
        .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
        .satisfies(run -> assertThat(run.err()).contains("--prot", "Did you mean: --port?"));
    assertThat(run("serve").err()).contains("Did you mean: sluice server?");
  }

  @Test
  void answers_a_missing_command_as_wrong_usage() {
    assertThat(run())
        .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
        .satisfies(run -> assertThat(run.err()).contains("Try 'sluice --help'"));
    assertThat(run("server").err()).contains("Try 'sluice server --help'");
  }
}
