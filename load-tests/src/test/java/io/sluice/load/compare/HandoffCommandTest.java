package io.sluice.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import io.sluice.load.compare.StubLimits.Defect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sluice-load handoff")
class HandoffCommandTest {

  private static Played handoff(Function<Seen, Given> answers, String... more) throws IOException {
    var arguments = new ArrayList<>(List.of("--waiters", "3", "--rounds", "2", "--hold", "5ms"));
    arguments.addAll(List.of(more));
    return Played.on(answers, "handoff", arguments.toArray(String[]::new));
  }

  @Test
  void serves_all_and_shows_how_the_slot_was_used(@TempDir Path dir) throws IOException {
    var played = handoff(new StubLimits(Defect.NONE), "--out", dir.toString());
    assertThat(played.err()).doesNotContain("FAULT");
    assertThat(played.code()).isZero();
    var figures = new ObjectMapper().readTree(dir.resolve("report.json").toFile());
    var round = figures.path("rounds").get(0);
    assertThat(round.at("/figures/finished").asInt()).isEqualTo(6);
    assertThat(round.at("/figures/peak_concurrent").asInt()).isEqualTo(1);
    assertThat(round.at("/figures/makespan_over_ideal").asDouble()).isGreaterThan(1);
    assertThat(round.path("held_ms")).hasSize(6);
    assertThat(Files.readString(dir.resolve("report.md"))).isEqualTo(played.out());
    assertThat(Files.readString(dir.resolve("report.html")))
        .contains("<svg", "slot 1", "slot_idle, by percentile", "makespan_s")
        .doesNotContain("TOO MANY");
  }

  @Test
  void a_server_that_grants_too_many_is_found_out(@TempDir Path dir) throws IOException {
    var played =
        handoff(
            new StubLimits(Defect.GRANTS_ALL, 3),
            "--rounds",
            "1",
            "--hold",
            "1s",
            "--out",
            dir.toString());
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err()).containsPattern("FAULT of A: .*[23] held a slot at once, .* is 1");
    assertThat(Files.readString(dir.resolve("report.html"))).contains("TOO MANY", "FAULT of A");
  }

  @Test
  void waiters_that_are_never_served_are_given_up_at_the_cap() throws IOException {
    var played = handoff(new StubLimits(Defect.GRANTS_NONE), "--cap", "300ms");
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err()).contains("6 of 6 were not served");
  }

  @Test
  void a_423_that_prefect_s_client_cannot_read_ends_the_round() throws IOException {
    var played = handoff(new StubLimits(Defect.NO_RETRY_AFTER), "--hold", "500ms");
    assertThat(played.code()).isEqualTo(1);
    assertThat(played.err()).contains("Retry-After 'null'", "needs a number of seconds");
  }

  @Test
  void every_option_is_bounded() {
    assertThat(Played.run("handoff", "--waiters", "2001").err()).contains("1 to 2000, not 2001");
    assertThat(Played.run("handoff", "--rounds", "0").err()).contains("1 to 10000, not 0");
    assertThat(Played.run("handoff", "--hold", "0ms").err()).contains("--hold must be");
    assertThat(Played.run("handoff", "--hold", "11m").code()).isEqualTo(2);
  }

  @Test
  void help_names_the_options_and_the_exit_codes() {
    assertThat(Played.run("handoff", "--help").out())
        .contains("--waiters", "--rounds", "--hold", "--cap", "Exit codes");
  }
}
