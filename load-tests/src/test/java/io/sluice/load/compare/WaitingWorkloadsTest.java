package io.sluice.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.StubServer;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import io.sluice.load.compare.StubLimits.Defect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("sluice-load")
class WaitingWorkloadsTest {

  private static JsonNode figures(Path dir) throws IOException {
    var json = new ObjectMapper().readTree(dir.resolve("report.json").toFile());
    return json.at("/rounds/0/figures");
  }

  @Nested
  @DisplayName("tag-limit")
  class TagLimit {

    @Test
    void takes_slots_of_a_tag_as_the_task_engine_does() throws IOException {
      try (var server = new StubServer(new StubLimits(Defect.NONE))) {
        var played =
            Played.run(
                "tag-limit",
                "--no-floors",
                "--url",
                server.api().toString(),
                "--tasks",
                "6",
                "--limit",
                "2",
                "--hold",
                "5ms");
        assertThat(played.err()).doesNotContain("FAULT");
        assertThat(played.code()).isZero();
        assertThat(server.seen())
            .filteredOn(seen -> seen.body().path("names").path(0).asText().startsWith("tag:"))
            .isNotEmpty()
            .allSatisfy(
                seen -> {
                  assertThat(seen.body().path("lease_duration").asInt()).isEqualTo(60);
                  assertThat(seen.body().at("/holder/type").asText()).isEqualTo("task_run");
                });
      }
    }

    @Test
    void finds_out_a_server_that_grants_too_many() throws IOException {
      var played =
          Played.on(
              new StubLimits(Defect.GRANTS_ALL),
              "tag-limit",
              "--tasks",
              "8",
              "--limit",
              "1",
              "--hold",
              "1s");
      assertThat(played.code()).isEqualTo(1);
      assertThat(played.err()).contains("held a slot at once, the limit is 1");
    }
  }

  @Nested
  @DisplayName("multi-limit")
  class MultiLimits {

    @Test
    void serves_everybody_both_limits(@TempDir Path dir) throws IOException {
      var played =
          Played.on(
              new StubLimits(Defect.NONE),
              "multi-limit",
              "--clients",
              "6",
              "--rounds",
              "2",
              "--hold",
              "5ms",
              "--out",
              dir.toString());
      assertThat(played.err()).doesNotContain("FAULT");
      assertThat(played.code()).isZero();
      assertThat(figures(dir).path("finished").asInt()).isEqualTo(12);
      assertThat(figures(dir).path("limit").asInt()).as("pairs at once").isEqualTo(4);
      assertThat(figures(dir).path("peak_of_a_limit").asInt()).isBetween(1, 2);
    }

    @Test
    void finds_out_a_server_that_grants_too_many_of_one_limit() throws IOException {
      var played =
          Played.on(
              new StubLimits(Defect.GRANTS_ALL),
              "multi-limit",
              "--clients",
              "8",
              "--rounds",
              "1",
              "--slots",
              "1",
              "--hold",
              "1s");
      assertThat(played.code()).isEqualTo(1);
      assertThat(played.err()).containsPattern("held a slot of limit . at once, it has 1");
    }

    @Test
    void one_limit_is_no_ring() {
      assertThat(Played.run("multi-limit", "--limits", "1").err()).contains("2 to 100, not 1");
    }
  }

  @Nested
  @DisplayName("waiters")
  class ManyWaiters {

    @Test
    void serves_all_who_wait_and_says_what_memory_they_took(@TempDir Path dir) throws IOException {
      var played =
          Played.on(
              new StubLimits(Defect.NONE),
              "waiters",
              "--waiters",
              "20",
              "--settle",
              "50ms",
              "--pid",
              String.valueOf(ProcessHandle.current().pid()),
              "--out",
              dir.toString());
      assertThat(played.err()).doesNotContain("FAULT");
      assertThat(played.code()).isZero();
      assertThat(figures(dir).path("finished").asInt()).isEqualTo(20);
      assertThat(figures(dir).path("last_granted_s").asDouble()).isPositive();
      assertThat(figures(dir).path("rss_parked_mib").asDouble()).isGreaterThan(10);
      assertThat(figures(dir).has("rss_kib_per_waiter")).isTrue();
    }

    @Test
    void says_if_not_even_the_first_gets_the_slot() throws IOException {
      var played =
          Played.on(new StubLimits(Defect.FAILS), "waiters", "--waiters", "2", "--cap", "5s");
      assertThat(played.code()).isEqualTo(1);
      assertThat(played.err()).contains("not granted though nobody had it");
    }

    @Test
    void says_if_the_release_that_all_wait_for_fails() throws IOException {
      var limits = new StubLimits(Defect.NONE);
      var begun = new AtomicBoolean();
      var played =
          Played.on(
              seen -> {
                if (seen.body().path("names").path(0).asText().startsWith("waiters-")) {
                  begun.set(true);
                }
                return seen.path().contains("/decrement") && begun.get()
                    ? new Given(500, "{}", null)
                    : limits.apply(seen);
              },
              "waiters",
              "--waiters",
              "3",
              "--settle",
              "0ms",
              "--cap",
              "1s");
      assertThat(played.code()).isEqualTo(1);
      assertThat(played.err()).contains("the release that all waited for was answered 500");
    }

    @Test
    void a_process_that_is_gone_has_no_memory() {
      assertThat(Memory.residentMib(999_999_999)).isEmpty();
    }
  }

  @Nested
  @DisplayName("mixed")
  class Everything {

    /** Flow runs that go where they are told, beside limits that, if some are lost, have room. */
    private static Function<Seen, Given> server(Defect defect) {
      var limits = new StubLimits(defect);
      return seen -> {
        if (defect == Defect.LOSES_RELEASES && seen.body().has("limit")) {
          ((ObjectNode) seen.body()).put("limit", 1000);
        }
        return seen.path().startsWith("/flow") || seen.path().startsWith("/deployments")
            ? Given.ok("{\"id\": \"%s\", \"status\": \"ACCEPT\"}".formatted(UUID.randomUUID()))
            : limits.apply(seen);
      };
    }

    private static Played play(Defect defect, String... more) throws IOException {
      var args = new ArrayList<>(List.of("--clients", "6", "--pause", "10ms", "--time", "1s"));
      args.addAll(List.of(more));
      return Played.on(server(defect), "mixed", args.toArray(String[]::new));
    }

    @Test
    void does_everything_and_says_what_became_of_the_memory(@TempDir Path dir) throws IOException {
      var pid = String.valueOf(ProcessHandle.current().pid());
      var played = play(Defect.NONE, "--pid", pid, "--out", dir.toString());
      assertThat(played.err()).doesNotContain("FAULT");
      assertThat(played.code()).isZero();
      for (var deed : MixedTimes.Deed.values()) {
        var name = "done_" + deed.name().toLowerCase(Locale.ROOT);
        assertThat(figures(dir).path(name).asInt()).as(name).isPositive();
      }
      assertThat(figures(dir).path("answer_last_sixth_p99_ms").asDouble()).isPositive();
      assertThat(figures(dir).path("heap_first_mib").asDouble()).isGreaterThan(1);
      assertThat(figures(dir).path("heap_last_over_first").asDouble()).isPositive();
    }

    @Test
    void finds_out_a_server_that_loses_releases() throws IOException {
      var played = play(Defect.LOSES_RELEASES);
      assertThat(played.code()).isEqualTo(1);
      assertThat(played.err()).containsPattern("\\d+ slots are still taken");
    }
  }

  @Test
  void only_a_jvm_is_asked_for_its_heap() throws IOException {
    var other = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(Memory.of(other.pid()).live()).isZero();
      assertThat(other.isAlive()).as("is not harmed").isTrue();
      assertThat(Memory.of(ProcessHandle.current().pid()).live()).isGreaterThan(1);
    } finally {
      other.destroy();
    }
  }

  @Test
  void help_lists_all_workloads() {
    assertThat(Played.run("--help").out())
        .contains(
            "ops", "handoff", "tag-limit", "rate", "multi-limit", "waiters", "mixed", "burst");
  }
}
