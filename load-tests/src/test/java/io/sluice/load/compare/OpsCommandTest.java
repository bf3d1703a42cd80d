package io.sluice.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.load.StubServer;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import io.sluice.load.compare.StubLimits.Defect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sluice-load ops")
class OpsCommandTest {

  private static Played ops(Function<Seen, Given> answers, String... more) throws IOException {
    var arguments = new String[more.length + 6];
    arguments[0] = "--connections";
    arguments[1] = "3";
    arguments[2] = "--time";
    arguments[3] = "500ms";
    arguments[4] = "--warm-up";
    arguments[5] = "0ms";
    System.arraycopy(more, 0, arguments, 6, more.length);
    return Played.on(answers, "ops", arguments);
  }

  private static JsonNode json(Path dir) throws IOException {
    return new ObjectMapper().readTree(dir.resolve("report.json").toFile());
  }

  @Test
  void measures_pairs_with_and_without_a_lease_on_one_limit_and_on_many(@TempDir Path dir)
      throws IOException {
    var played = ops(new StubLimits(Defect.NONE), "--out", dir.toString());
    assertThat(played.err()).doesNotContain("FAULT");
    assertThat(played.code()).isZero();
    assertThat(played.out())
        .contains("## lease-hot", "## lease-many", "## plain-hot", "## plain-many", "pairs_per_s");
    var json = json(dir);
    assertThat(json.path("rounds")).hasSize(4);
    for (var round : json.path("rounds")) {
      assertThat(round.at("/figures/slots_left").asInt(-1)).isZero();
      assertThat(round.at("/figures/pairs").asInt()).isPositive();
    }
  }

  @Test
  void two_servers_take_turns_and_get_a_ratio() throws IOException {
    try (var other = new StubServer(new StubLimits(Defect.NONE))) {
      var played =
          ops(
              new StubLimits(Defect.NONE),
              "--only",
              "lease-hot",
              "--vs",
              other.api().toString(),
              "--repeat",
              "2");
      assertThat(played.code()).isZero();
      assertThat(played.out()).contains("A / B", "medians of 2 rounds");
      assertThat(played.err().lines().filter(line -> line.contains(": pairs_per_s")))
          .extracting(line -> line.split(" ")[1])
          .containsExactly("A", "B", "B", "A");
    }
  }

  /** Coordinated omission: whoever was to begin behind the stall has waited for it, too. */
  @Test
  void at_a_given_rate_a_stall_is_charged_to_all_who_were_to_begin_meanwhile(@TempDir Path dir)
      throws IOException {
    var limits = new StubLimits(Defect.NONE);
    var stalled = new AtomicBoolean();
    Function<Seen, Given> stalling =
        seen -> {
          if (seen.path().contains("/increment") && stalled.compareAndSet(false, true)) {
            waitFor(300);
          }
          return limits.apply(seen);
        };
    var played =
        ops(
            stalling,
            "--only",
            "lease-hot",
            "--rate",
            "50",
            "--connections",
            "1",
            "--time",
            "400ms",
            "--out",
            dir.toString());
    assertThat(played.code()).isZero();
    var round = json(dir).path("rounds").get(0);
    assertThat(round.at("/figures/pairs").asInt()).as("none is left out").isEqualTo(20);
    assertThat(round.at("/figures/offered_pairs_per_s").asInt()).isEqualTo(50);
    assertThat(round.path("percentiles_ms").path("pair").path("75.0").asDouble())
        .isGreaterThan(150);
  }

  private static void waitFor(long millis) {
    try {
      new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_server_that_loses_releases_is_found_out() throws IOException {
    var played = ops(new StubLimits(Defect.LOSES_RELEASES), "--only", "lease-many");
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err())
        .containsPattern("FAULT of A: .* slots are still taken after all were given back");
  }

  @Test
  void a_server_that_fails_is_found_out() throws IOException {
    var played = ops(new StubLimits(Defect.FAILS), "--only", "plain-hot");
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err()).containsPattern("FAULT of A: .* requests failed for good");
  }

  @Test
  void what_the_second_server_does_wrong_is_said_but_is_not_the_first_one_s_failure()
      throws IOException {
    try (var other = new StubServer(new StubLimits(Defect.FAILS))) {
      var played =
          ops(
              new StubLimits(Defect.NONE),
              "--only",
              "lease-hot",
              "--repeat",
              "1",
              "--vs",
              other.api().toString());
      assertThat(played.err()).contains("FAULT of B").doesNotContain("FAULT of A");
      assertThat(played.code()).isZero();
    }
  }

  @Test
  void floors_are_measured_in_the_same_run(@TempDir Path dir) throws IOException {
    try (var server = new StubServer(new StubLimits(Defect.NONE))) {
      var played =
          Played.run(
              "ops",
              "--url",
              server.api().toString(),
              "--only",
              "lease-hot",
              "--time",
              "100ms",
              "--warm-up",
              "0ms",
              "--floor-time",
              "100ms",
              "--floor-dir",
              dir.toString());
      assertThat(played.code()).isZero();
      assertThat(played.out())
          .contains("echo_pairs_per_s", "fsync_per_s", "fsync_p50_ms", "h2_commits_per_s");
      assertThat(dir).isEmptyDirectory();
    }
  }

  @Test
  void nobody_is_loaded_by_mistake_and_every_option_is_bounded() {
    var elsewhere = Played.run("ops", "--url", "http://192.0.2.7:4200/api");
    assertThat(elsewhere.code()).isEqualTo(2);
    assertThat(elsewhere.err()).contains("192.0.2.7", "not on this machine", "--anywhere");
    assertThat(Played.run("ops", "--connections", "1001").err()).contains("1 to 1000, not 1001");
    assertThat(Played.run("ops", "--rate", "0").err()).contains("--rate must be above 0");
    assertThat(Played.run("ops", "--repeat", "101").err()).contains("1 to 100, not 101");
    assertThat(Played.run("ops", "--only", "leese").err()).contains("leaves no variant");
    assertThat(Played.run("ops", "--pid", "999999999").err()).contains("no process 999999999");
  }

  @Test
  void a_server_that_is_not_there_is_named_with_the_next_step() {
    var played = Played.run("ops", "--url", "http://127.0.0.1:9/api", "--no-floors");
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err()).contains("No answer to POST", "java -jar sluice.jar server start");
  }

  @Test
  void help_names_the_options_and_the_exit_codes() {
    assertThat(Played.run("ops", "--help").out())
        .contains("--url", "--vs", "--rate", "--out", "--floor-jdbc", "--anywhere", "Exit codes");
  }
}
