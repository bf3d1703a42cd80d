package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.SluiceVersion;
import io.sluice.store.DataDir;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real program in a process of its own. */
@DisplayName("sluice server start")
class ServerStartTest {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newHttpClient();

  private static Program start(Path data) throws IOException {
    return Program.sluice("server", "start", "--port", "0", "--data-dir", data.toString());
  }

  /** The API's URL, once the program has said that it answers. */
  private static String awaitReady(Program program) throws InterruptedException {
    var api = program.awaitLine("^Sluice .* answers at (\\S+) ").group(1);
    program.awaitLine("^Point Prefect at it: ");
    return api;
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private void assertAllThere(List<String> names, String api) throws Exception {
    for (var name : names) {
      assertThat(get(api + "/v2/concurrency_limits/" + name).body()).contains("\"limit\":2");
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class WhileItRuns {
    private Path data;
    private Program running;
    private String api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
      data = directory;
      running = ServerStartTest.start(data);
      api = awaitReady(running);
    }

    @AfterAll
    void kill() {
      running.close();
    }

    @Test
    void has_said_where_it_answers_and_how_to_use_it_and_nothing_else() {
      assertThat(running.out())
          .satisfiesExactly(
              ready ->
                  assertThat(ready)
                      .matches(
                          "Sluice %s answers at %s \\(data in %s, ready after \\d+\\.\\d s\\)"
                              .formatted(SluiceVersion.current(), api, data)),
              use ->
                  assertThat(use)
                      .isEqualTo(
                          "Point Prefect at it:  prefect config set PREFECT_API_URL=" + api));
      assertThat(running.err()).isEmpty();
    }

    @Test
    void answers() throws Exception {
      assertThat(get(api + "/health").body()).isEqualTo("true");
    }

    @Test
    void keeps_its_directory_from_a_second_process() throws Exception {
      try (var second = ServerStartTest.start(data)) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.out()).isEmpty();
        assertThat(second.err())
            .satisfiesExactly(
                what ->
                    assertThat(what)
                        .startsWith(
                            "Error: The data directory %s is in use by another Sluice: process %d, "
                                .formatted(data, running.pid())),
                next -> assertThat(next).contains("--data-dir"));
      }
      assertThat(get(api + "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void keeps_its_port_from_a_second_process(@TempDir Path other) throws Exception {
      var port = Integer.toString(URI.create(api).getPort());
      try (var second =
          Program.sluice("server", "start", "--port", port, "--data-dir", other.toString())) {
        assertThat(second.awaitExit()).isEqualTo(1);
        assertThat(second.err())
            .satisfiesExactly(
                what ->
                    assertThat(what)
                        .contains("Port %s of 127.0.0.1 is taken".formatted(port), "Prefect 3."),
                next -> assertThat(next).contains("--port"));
      }
    }
  }

  @Nested
  class WhenItEnds {
    @TempDir Path data;

    @Test
    void by_sigterm_ends_in_time_with_exit_code_0_and_says_so() throws Exception {
      try (var program = start(data)) {
        assertThat(Api.of(awaitReady(program)).create("one-at-a-time", 1)).isTrue();
        program.terminate();
        assertThat(program.awaitExit(STOP_WITHIN)).isZero();
        assertThat(program.out()).hasSize(3);
        assertThat(program.out().get(2)).matches("Stopped: the API at .* in \\d+\\.\\d s");
        assertThat(program.err()).isEmpty();
      }
    }

    @Test
    void by_ctrl_c_under_load_ends_in_time_and_keeps_all_that_was_acknowledged() throws Exception {
      List<String> acknowledged;
      try (var first = start(data)) {
        var askers = Askers.start(awaitReady(first));
        first.interrupt();
        assertThat(first.awaitExit(STOP_WITHIN)).isZero();
        acknowledged = askers.acknowledged();
      }
      try (var second = start(data)) {
        assertAllThere(acknowledged, awaitReady(second));
      }
    }

    @Test
    void by_kill_9_under_load_keeps_all_that_was_acknowledged() throws Exception {
      List<String> acknowledged;
      try (var first = start(data)) {
        var askers = Askers.start(awaitReady(first));
        first.kill();
        first.awaitExit();
        acknowledged = askers.acknowledged();
      }
      try (var second = start(data)) {
        assertAllThere(acknowledged, awaitReady(second));
      }
    }
  }

  @Nested
  class WithSettings {
    @TempDir Path data;

    @Test
    void of_the_environment_takes_them() throws Exception {
      var environment =
          Map.of("SLUICE_HOST", "0.0.0.0", "SLUICE_PORT", "0", "SLUICE_DATA_DIR", data.toString());
      try (var program = Program.start(environment, List.of(), Main.class, "server", "start")) {
        var api = awaitReady(program);
        assertThat(api).startsWith("http://127.0.0.1:").doesNotContain(":4200");
        // The log warns of the open host before or after.
        assertThat(program.out())
            .anySatisfy(line -> assertThat(line).contains("(data in %s, ".formatted(data)));
        assertThat(get(api + "/health").statusCode()).isEqualTo(200);
      }
    }

    @Test
    void has_its_home_in_the_environment() throws Exception {
      Files.writeString(data.resolve("letter.txt"), "dear");
      var environment = Map.of("SLUICE_HOME", data.toString());
      try (var program = Program.start(environment, List.of(), Main.class, "server", "start")) {
        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.err().get(0)).contains(data.toString(), "is not Sluice's");
      }
    }
  }

  @Nested
  class WithADamagedDatabase {
    @TempDir Path data;

    @Test
    void says_so_and_leaves_it_as_it_is() throws Exception {
      DataDir.open(data.resolve("sluice.mv.db"), "1", Instant.EPOCH).close();
      var noise = "noise ".repeat(10_000);
      Files.writeString(data.resolve("sluice.mv.db"), noise);
      try (var program = start(data)) {
        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.out()).isEmpty();
        assertThat(program.err())
            .satisfiesExactly(
                what -> assertThat(what).contains("sluice.mv.db is damaged", "left as it is", "H2"),
                next -> assertThat(next).contains("Put back a copy"));
      }
      assertThat(data.resolve("sluice.mv.db")).hasContent(noise);
    }
  }

  @Nested
  class WithADatabaseThatLostItsData {
    @TempDir Path data;

    @Test
    void says_so_and_does_not_begin_anew() throws Exception {
      var database = data.resolve("sluice.mv.db");
      try (var used = DataDir.open(database, "1", Instant.EPOCH)) {
        used.markUsed();
      }
      DriverManager.getConnection("jdbc:h2:file:" + data.resolve("sluice")).close();
      try (var program = start(data)) {
        assertThat(program.awaitExit()).isEqualTo(1);
        assertThat(program.out()).isEmpty();
        assertThat(program.err())
            .satisfiesExactly(
                what -> assertThat(what).contains(database.toString(), "its data are lost"),
                next -> assertThat(next).contains("Put back a copy"));
      }
    }
  }
}
