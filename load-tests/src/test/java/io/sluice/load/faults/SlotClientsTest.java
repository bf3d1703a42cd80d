package io.sluice.load.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.Recorder;
import io.sluice.load.StubServer;
import io.sluice.load.StubServer.Given;
import io.sluice.load.history.Rule;
import io.sluice.load.history.SlotChecker;
import io.sluice.load.history.SlotHistory;
import io.sluice.load.history.SlotTruth;
import io.sluice.load.history.Violation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Clients of slots, and the checker of their log")
class SlotClientsTest {
  private static final Stock STOCK =
      Stock.of(List.of(new Stock.Limit("x-hot", "11111111-1111-4111-8111-111111111111", 1)));
  private static final int GRANTS = 60;
  private static final Habit BRISK =
      new Habit(
          List.of(List.of("hot")),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofSeconds(1),
          true,
          false,
          2);

  private final CountDownLatch enough = new CountDownLatch(GRANTS);

  /** Plays until the server has granted often enough, and gives everything back. */
  private SlotHistory play(List<URI> nodes, Optional<Path> file)
      throws IOException, InterruptedException {
    try (var recorder = new Recorder(file);
        var clients = new SlotClients(nodes, STOCK, recorder, 1)) {
      clients.start("c", 3, BRISK);
      clients.startCounting();
      assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(clients.drain(Duration.ofSeconds(30))).isTrue();
      assertThat(clients.problems()).isEmpty();
      return SlotHistory.of(recorder.history());
    }
  }

  private Set<Rule> broken(StubSlots.Defect defect) throws IOException, InterruptedException {
    var slots = new StubSlots(STOCK, defect);
    try (var server = new StubServer(seen -> counted(slots.apply(seen)))) {
      return Set.copyOf(
          check(play(List.of(server.api()), Optional.empty())).stream()
              .map(Violation::rule)
              .toList());
    }
  }

  private Given counted(Given given) {
    if (given.status() == 200 && given.body().contains("lease_id")) {
      enough.countDown();
    }
    return given;
  }

  private static List<Violation> check(SlotHistory history) {
    return SlotChecker.check(
        history, new SlotTruth(STOCK.sizes(), List.of(), Long.MAX_VALUE / 4, Set.of()));
  }

  @Test
  void a_server_that_does_right_breaks_no_rule() throws IOException, InterruptedException {
    assertThat(broken(StubSlots.Defect.NONE)).isEmpty();
  }

  @Test
  void a_server_that_grants_everybody_is_caught() throws IOException, InterruptedException {
    assertThat(broken(StubSlots.Defect.GRANTS_ALL)).contains(Rule.WITHIN_LIMIT);
  }

  @Test
  void a_server_that_frees_a_slot_at_each_release_is_caught()
      throws IOException, InterruptedException {
    assertThat(broken(StubSlots.Defect.RELEASES_WITHOUT_LOOKING)).contains(Rule.WITHIN_LIMIT);
  }

  @Test
  void clients_go_on_to_another_node_when_one_fails(@TempDir Path dir)
      throws IOException, InterruptedException {
    var slots = new StubSlots(STOCK, StubSlots.Defect.NONE);
    var asked = new AtomicInteger();
    try (var good = new StubServer(seen -> counted(slots.apply(seen)));
        var broken =
            new StubServer(
                seen -> {
                  asked.incrementAndGet();
                  return new Given(503, "{}", null);
                })) {
      var file = dir.resolve("history.jsonl");
      var history = play(List.of(broken.api(), good.api()), Optional.of(file));
      assertThat(check(history)).isEmpty();
      assertThat(asked.get()).isPositive();
      assertThat(history.failures(0, Long.MAX_VALUE)).isEqualTo(asked.get());
      assertThat(Recorder.read(file)).hasSizeGreaterThan(4 * GRANTS);
    }
  }
}
