package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sluice-load")
class BurstCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int burst(StubOrchestra orchestra, String... more) throws IOException {
    try (var server = new StubServer(orchestra)) {
      var arguments = new ArrayList<>(List.of("burst", "--url", server.api().toString()));
      arguments.addAll(List.of("--runs", "20", "--limit", "3", "--hold", "5ms", "--poll", "50ms"));
      arguments.addAll(List.of("--timeout", "30s"));
      arguments.addAll(List.of(more));
      return run(arguments.toArray(String[]::new));
    }
  }

  @Test
  void runs_all_and_says_how_well_the_slots_were_used(@TempDir Path dir) throws IOException {
    var file = dir.resolve("figures.json");
    assertThat(burst(new StubOrchestra(3), "--json", file.toString())).isZero();
    assertThat(out.toString())
        .contains("completed        20", "limit 3", "0 deployment limit", "failures         none");
    var json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("completed").asInt()).isEqualTo(20);
    assertThat(json.path("peak").asInt()).isBetween(1, 3);
    assertThat(json.path("slot_idle_ms").path("samples").asInt()).isEqualTo(17);
    assertThat(json.path("own_cpu_s").asDouble()).isPositive();
    assertThat(json.path("faults")).isEmpty();
  }

  @Test
  void every_request_of_a_real_worker_is_sent_if_asked_for() throws IOException {
    assertThat(burst(new StubOrchestra(3), "--full", "--workers", "2")).isZero();
    assertThat(out.toString()).contains("20 submitting", "completed        20");
  }

  @Test
  void a_server_that_admits_too_many_is_found_out() throws IOException {
    assertThat(burst(new StubOrchestra(9), "--hold", "200ms")).isEqualTo(1);
    assertThat(err.toString()).contains("FAULT: 9 runs held a slot at once, the limit is 3");
  }

  @Test
  void a_burst_that_does_not_end_is_given_up_and_says_what_is_missing() throws IOException {
    assertThat(burst(new StubOrchestra(0), "--timeout", "500ms")).isEqualTo(1);
    assertThat(err.toString()).contains("FAULT: 20 of 20 runs did not finish within 0.50 s");
  }

  @Test
  void a_server_that_cannot_be_reached_is_named_with_the_next_step() throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(run("burst", "--url", "http://127.0.0.1:%d/api".formatted(port))).isEqualTo(1);
    assertThat(err.toString()).contains("No server can be reached at", "java -jar sluice.jar");
  }

  @Test
  void wrong_options_are_explained() {
    assertThat(run("burst", "--runs", "0")).isEqualTo(2);
    assertThat(run("burst", "--hold", "soon")).isEqualTo(2);
    assertThat(run("crash", "--sluice-jar", "nowhere.jar")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--runs must be 1 to 20000, not 0", "write e.g. 100ms", "no file nowhere.jar");
  }
}
