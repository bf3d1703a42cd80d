package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.load.ApiClient.Ask;
import io.sluice.load.StubServer.Given;
import io.sluice.load.StubServer.Seen;
import io.sluice.load.history.Entry;
import io.sluice.load.history.Entry.Kind;
import io.sluice.load.history.Op;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A simulated client")
class ProtocolTest {
  private static final String GO_ON = "\"type\": \"accept_details\"";
  private static final String SOON = "0.001";

  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final Timers timers = new Timers(executor);
  private final Recorder recorder = new Recorder(Optional.empty());
  private StubServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    timers.close();
    executor.shutdownNow();
  }

  private ApiClient client(URI api, int connections) {
    var retries =
        new RetryRule(new Jitter(() -> 0.5), () -> Instant.EPOCH, RetryRule.RETRIES_OF_PREFECT);
    return new ApiClient(
        new ApiClient.Surroundings(List.of(api), recorder, timers, executor, retries),
        "w",
        "worker-1",
        connections);
  }

  private ApiClient client(Function<Seen, Given> answers) throws IOException {
    server = new StubServer(answers);
    return client(server.api(), 4);
  }

  private ApiClient client(Given... answers) throws IOException {
    Queue<Given> script = new ArrayDeque<>(List.of(answers));
    return client(ask -> script.remove());
  }

  private Reply propose(ApiClient client) {
    return new Proposer(client, timers).propose("r", Op.PENDING, "PENDING", "Pending").join();
  }

  private List<String> transitions() {
    return server.seen().stream()
        .map(seen -> seen.body().at("/state/state_details/transition_id").asText())
        .toList();
  }

  private List<Kind> recorded() {
    return recorder.history().entries().stream().map(Entry::kind).toList();
  }

  @Nested
  class WhoProposes {
    @Test
    void proposes_again_as_a_new_transition_when_told_to_wait() throws IOException {
      var client =
          client(
              StubOrchestra.answer("WAIT", "SCHEDULED", "\"delay_seconds\": 0"),
              StubOrchestra.answer("ACCEPT", "PENDING", GO_ON));
      assertThat(propose(client).verdict()).isEqualTo("ACCEPT");
      assertThat(transitions()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void repeats_the_same_transition_when_the_answer_is_lost() throws IOException {
      var client =
          client(
              Given.ok("{}"),
              new Given(503, "", SOON),
              Given.NOTHING,
              StubOrchestra.answer("REJECT", "PENDING", GO_ON));
      client.send(Ask.get(Op.READ, null, "/health")).join();
      assertThat(Proposer.isTaken(propose(client), "PENDING")).isTrue();
      var proposed = transitions().subList(1, transitions().size());
      assertThat(proposed).hasSize(3);
      assertThat(proposed).containsOnly(proposed.get(0));
      assertThat(recorded()).containsSequence(Kind.SENT, Kind.LOST, Kind.SENT, Kind.ANSWERED);
    }

    @Test
    void drops_the_run_when_another_state_comes_back_or_it_is_to_abort() {
      var body = ApiClient.object();
      body.put("status", "ABORT").putObject("state").put("type", "PENDING");
      assertThat(Proposer.isTaken(new Reply(200, body, null, false), "PENDING")).isFalse();
      body.put("status", "REJECT").putObject("state").put("type", "SCHEDULED");
      assertThat(Proposer.isTaken(new Reply(200, body, null, false), "PENDING")).isFalse();
    }
  }

  @Nested
  class WhoAsks {
    @Test
    void names_its_worker() throws IOException {
      client(Given.ok("{}")).send(Ask.get(Op.READ, null, "/health")).join();
      assertThat(server.seen().get(0).worker()).isEqualTo("worker-1");
    }

    @Test
    void gives_up_at_once_on_an_answer_that_is_final() throws IOException {
      var client = client(new Given(423, "{\"detail\": \"Locked\"}", "0"));
      assertThatThrownBy(() -> client.send(Ask.get(Op.READ, null, "/x")).join())
          .hasCauseInstanceOf(RequestFailed.class)
          .hasMessageContaining("423");
      assertThat(server.seen()).hasSize(1);
    }

    @Test
    void gives_up_after_six_attempts() throws IOException {
      var client = client(ask -> new Given(429, "{}", SOON));
      assertThatThrownBy(() -> client.send(Ask.get(Op.READ, null, "/x")).join())
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("attempt 6");
      assertThat(server.seen()).hasSize(6);
    }

    /** Prefect's client retries a refused connection only after it was once connected. */
    @Test
    void does_not_hope_for_a_server_that_it_never_reached() throws IOException {
      int port;
      try (var socket = new ServerSocket(0)) {
        port = socket.getLocalPort();
      }
      var client = client(URI.create("http://127.0.0.1:" + port + "/api"), 1);
      assertThatThrownBy(() -> client.send(Ask.get(Op.READ, null, "/x")).join())
          .hasMessageContaining("attempt 1");
    }

    @Test
    void uses_no_more_connections_than_it_has() throws Exception {
      var inside = new AtomicInteger();
      var most = new AtomicInteger();
      var twoAreIn = new CountDownLatch(2);
      server =
          new StubServer(
              ask -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                twoAreIn.countDown();
                await(twoAreIn);
                inside.decrementAndGet();
                return Given.ok("{}");
              });
      var client = client(server.api(), 2);
      var all = new CompletableFuture<?>[20];
      for (int i = 0; i < all.length; i++) {
        all[i] = client.send(Ask.get(Op.READ, null, "/x"));
      }
      CompletableFuture.allOf(all).get(10, TimeUnit.SECONDS);
      assertThat(most).hasValue(2);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await(5, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void jitter_of_a_poll_of_ten_seconds_stays_between_seven_and_a_half_and_thirteen() {
    for (double random = 0; random < 1; random += 0.01) {
      double drawn = random;
      assertThat(new Jitter(() -> drawn).around(Duration.ofSeconds(10), 0.3).toMillis())
          .isBetween(7_300L, 13_001L);
    }
  }
}
