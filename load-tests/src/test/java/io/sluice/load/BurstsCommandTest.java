package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sluice-load deployment-burst, pool-burst and queue-burst")
class BurstsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int burst(StubServer server, String workload, String... more) {
    var arguments = new ArrayList<>(List.of(workload, "--url", server.api().toString()));
    arguments.addAll(List.of("--runs", "20", "--limit", "3", "--hold", "5ms", "--poll", "50ms"));
    arguments.addAll(List.of("--timeout", "30s", "--no-floors"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static String limit(StubServer server, String method, String path) {
    return server.seen().stream()
        .filter(seen -> seen.method().equals(method) && seen.path().matches(path))
        .map(seen -> seen.body().path("concurrency_limit"))
        .filter(limit -> !limit.isMissingNode())
        .map(limit -> limit.asText())
        .findFirst()
        .orElse(null);
  }

  @Test
  void a_burst_on_a_deployment_limits_the_deployment() throws IOException {
    assertThat(limits("deployment-burst")).containsExactly("3", null, null);
  }

  @Test
  void a_burst_on_a_pool_limits_the_pool() throws IOException {
    assertThat(limits("pool-burst")).containsExactly(null, "3", null);
  }

  @Test
  void a_burst_on_a_queue_limits_the_queue() throws IOException {
    assertThat(limits("queue-burst")).containsExactly(null, null, "3");
  }

  /** Of deployment, pool and queue. */
  private List<String> limits(String workload) throws IOException {
    try (var server = new StubServer(new StubOrchestra(3))) {
      assertThat(burst(server, workload)).as(err.toString()).isZero();
      assertThat(out.toString()).contains("makespan_over_ideal", "peak_concurrent");
      return Arrays.asList(
          limit(server, "POST", "/deployments/"),
          limit(server, "POST", "/work_pools/"),
          limit(server, "PATCH", "/work_pools/.*/queues/default"));
    }
  }

  @Test
  void play_a_variant_for_each_number_of_workers(@TempDir Path dir) throws IOException {
    try (var server = new StubServer(new StubOrchestra(3))) {
      assertThat(burst(server, "deployment-burst", "--workers", "1,2", "--out", dir.toString()))
          .isZero();
    }
    var json = new ObjectMapper().readTree(dir.resolve("report.json").toFile());
    assertThat(json.path("rounds")).hasSize(2);
    for (var round : json.path("rounds")) {
      assertThat(round.at("/figures/finished").asInt()).isEqualTo(20);
      assertThat(round.path("held_ms")).hasSize(20);
    }
    assertThat(Files.readString(dir.resolve("report.html")))
        .contains("1workers", "2workers", "<h3>makespan_s</h3>", "slot 3");
  }

  @Test
  void find_out_a_server_that_admits_too_many() throws IOException {
    try (var server = new StubServer(new StubOrchestra(9))) {
      assertThat(burst(server, "pool-burst", "--hold", "200ms")).isEqualTo(1);
    }
    assertThat(err.toString()).contains("9 runs held a slot at once, the limit is 3");
  }

  @Test
  void refuse_options_out_of_bounds_before_any_server_is_asked() {
    assertThat(run("pool-burst", "--workers", "51")).isEqualTo(2);
    assertThat(run("queue-burst", "--workers", "1,2,3,4,5,6,7,8,9,10,11")).isEqualTo(2);
    assertThat(run("deployment-burst", "--runs", "0")).isEqualTo(2);
    assertThat(run("deployment-burst", "--url", "http://192.0.2.7/api")).isEqualTo(2);
    assertThat(err.toString())
        .contains("1 to 50, not 51", "1 to 10, not 11", "1 to 20000, not 0", "--anywhere");
  }

  @Test
  void say_in_their_help_what_they_do() {
    assertThat(run("pool-burst", "--help")).isZero();
    assertThat(out.toString()).contains("work pool with a", "--workers", "--vs", "Exit codes");
  }
}
