package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sluice-load scale")
class ScaleCommandTest {
  private static final String LISTINGS = "/flow_runs/filter";

  /** The server has 30, and a warm-up makes ten times what is measured. */
  private static final int WARMED_UP = 30 + 10 * 3;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int scale(StubServer server, Path json) {
    return run(
        "scale",
        "--url",
        server.api() + "/",
        "--runs",
        "80,20",
        "--listings",
        "2",
        "--changes",
        "3",
        "--json",
        json.toString());
  }

  private static Given anything(Seen ask) {
    return Given.ok(
        ask.path().equals("/flow_runs/count")
            ? "30"
            : "{\"id\": \"%s\"}".formatted(UUID.randomUUID()));
  }

  @Test
  void stores_so_many_runs_and_measures_at_each_level(@TempDir Path dir) throws IOException {
    var file = dir.resolve("scale.json");
    try (var server = new StubServer(ScaleCommandTest::anything)) {
      assertThat(scale(server, file)).isZero();
      assertThat(server.seen().stream().filter(ask -> ask.path().equals("/flow_runs/")).toList())
          .as("runs stored")
          .hasSize(80 - WARMED_UP - 3)
          .extracting(ask -> ask.body().at("/state/type").asText())
          .contains("COMPLETED", "SCHEDULED");
    }
    assertThat(out.toString()).contains("list by tag", "last / first");
    assertThat(err.toString())
        .contains("there are 60 flow runs already, 20 are asked for", "filling from 63 to 80");
    var json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.fieldNames()).toIterable().containsExactly("60", "80");
    assertThat(json.at("/80/list by tag/samples").asInt()).isEqualTo(2);
    assertThat(json.at("/80/create/samples").asInt()).isEqualTo(3);
    assertThat(json.at("/80/set_state/samples").asInt()).isEqualTo(9);
    assertThat(json.at("/80/set_state/p95_ms").asDouble()).isPositive();
  }

  @Test
  void what_the_server_refuses_ends_it_with_the_server_s_words(@TempDir Path dir)
      throws IOException {
    Function<Seen, Given> refusing =
        ask ->
            ask.path().equals(LISTINGS)
                ? new Given(422, "{\"detail\": \"no such sort\"}", null)
                : anything(ask);
    try (var server = new StubServer(refusing)) {
      assertThat(scale(server, dir.resolve("none.json"))).isEqualTo(1);
    }
    assertThat(err.toString()).contains("POST /flow_runs/filter was answered 422", "no such sort");
  }

  @Test
  void levels_out_of_bounds_and_addresses_that_are_none_are_refused() {
    assertThat(run("scale", "--runs", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--runs must be 1 to 10000000, not 0");
    assertThat(run("scale", "--url", "localhost:4200")).isEqualTo(2);
    assertThat(err.toString()).contains("'localhost:4200' is no API's address");
  }
}
