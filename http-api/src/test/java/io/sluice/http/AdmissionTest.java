package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A server that works on 2 requests and keeps 3")
@Timeout(60)
class AdmissionTest {
  private static final String BOUNDS = "requests-max = 2, held-max = 3, bodies-max = 4000";
  private static final int BODY_MAX = 2048;

  private static ActorSystem<Void> system;

  /** Requests that a handler has got, to be answered by the test. */
  private final LinkedBlockingQueue<CompletableFuture<Answer>> working =
      new LinkedBlockingQueue<>();

  private final LinkedBlockingQueue<Boolean> holds = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() {
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "admission-test",
            SluiceConfig.over(ConfigFactory.parseString("pekko.actor.provider = local")));
  }

  @AfterAll
  static void stop() {
    system.terminate();
  }

  private Asker serve(String settings) {
    var router =
        new Router()
            .guard(
                head ->
                    head.header("X-Password").filter("open"::equals).isPresent()
                        ? Optional.empty()
                        : Optional.of(Answer.detail(401, "who are you?")))
            .get("/plain", Handler.now(call -> Answer.ok("plain")))
            .post("/size", Handler.now(call -> Answer.ok(call.json().size())))
            .post("/work", call -> begun())
            .post("/hold", this::hold)
            .post("/release", Handler.now(call -> Answer.ok("released")))
            .urgent("/release")
            .socket("/silent", () -> silent)
            .socket(
                "/socket", () -> text -> CompletableFuture.completedFuture(Socket.Reply.NOTHING));
    var server =
        new Server(
            system,
            router,
            new Problems(rejection -> Answer.detail(409, rejection.message())),
            "/api",
            ConfigFactory.parseString(settings + ", body-max = " + BODY_MAX)
                .withFallback(system.settings().config().getConfig("sluice.http")));
    var bound = server.bind("127.0.0.1", 0, Optional.empty()).toCompletableFuture().join();
    return new Asker(
            URI.create("http://127.0.0.1:%d/api".formatted(bound.localAddress().getPort())))
        .with("X-Password", "open");
  }

  /** Waits for a first message that never comes. */
  private final Socket silent =
      new Socket() {
        @Override
        public CompletableFuture<Reply> heard(String text) {
          return CompletableFuture.completedFuture(Reply.NOTHING);
        }

        @Override
        public boolean isAdmitted() {
          return false;
        }

        @Override
        public void closed() {
          holds.add(false);
        }
      };

  private CompletableFuture<Answer> begun() {
    var answer = new CompletableFuture<Answer>();
    working.add(answer);
    return answer;
  }

  private CompletableFuture<Answer> hold(Call call) {
    boolean held = call.mayHold();
    holds.add(held);
    return held ? begun() : CompletableFuture.completedFuture(Answer.detail(423, "full"));
  }

  private CompletableFuture<Answer> next() throws InterruptedException {
    var answer = working.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer;
  }

  @Nested
  class WhenItsGuardRefuses {
    @Test
    void answers_before_it_looks_for_a_route() {
      var stranger = new Asker(serve(BOUNDS).base());
      assertThat(stranger.get("/plain").toString()).isEqualTo("401 {\"detail\":\"who are you?\"}");
      assertThat(stranger.get("/nowhere").status()).isEqualTo(401);
      assertThat(stranger.post("/release", "{}").status()).isEqualTo(401);
    }

    @Test
    void answers_before_the_body_has_come() throws Exception {
      try (var slow = new RawConnection(serve(BOUNDS).base())) {
        slow.begin("/size", 1000, Map.of());
        assertThat(slow.readStatusLine()).startsWith("HTTP/1.1 401");
      }
    }

    @Test
    void lets_the_others_pass() {
      assertThat(serve(BOUNDS).get("/plain").status()).isEqualTo(200);
    }
  }

  @Nested
  class WhenItIsBusy {
    @Test
    void sends_others_away_but_not_who_gives_something_back() throws Exception {
      var api = serve(BOUNDS);
      var first = api.ask("POST", "/work", "{}");
      var second = api.ask("POST", "/work", "{}");
      var one = next();
      var other = next();
      var refused = api.get("/plain");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.text("detail")).contains("2 requests", "sluice.http.requests-max");
      assertThat(api.post("/release", "{}").status()).isEqualTo(200);
      one.complete(Answer.ok(1));
      other.complete(Answer.ok(2));
      first.get(10, TimeUnit.SECONDS);
      second.get(10, TimeUnit.SECONDS);
      assertThat(api.get("/plain").status()).isEqualTo(200);
    }

    @Test
    void forgets_a_request_that_failed() {
      var api = serve(BOUNDS);
      for (int i = 0; i < 5; i++) {
        assertThat(api.post("/size", "{'f'").status()).isEqualTo(422);
        assertThat(api.get("/nowhere").status()).isEqualTo(404);
      }
    }
  }

  @Nested
  class WhenManyAreHeld {
    @Test
    void works_on_for_others_and_holds_no_more_than_it_may() throws Exception {
      var api = serve(BOUNDS);
      List<CompletableFuture<Asker.Reply>> waiters = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiters.add(api.ask("POST", "/hold", "{}"));
        assertThat(holds.poll(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(api.get("/plain").status()).isEqualTo(200);
      assertThat(api.post("/hold", "{}").status()).isEqualTo(423);
      assertThat(holds.poll(10, TimeUnit.SECONDS)).isFalse();
      assertThat(waiters).noneMatch(CompletableFuture::isDone);
      for (var waiter : waiters) {
        next().complete(Answer.ok("your turn"));
      }
      for (var waiter : waiters) {
        assertThat(waiter.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      }
      var again = api.ask("POST", "/hold", "{}");
      assertThat(holds.poll(10, TimeUnit.SECONDS)).isTrue();
      next().complete(Answer.ok("your turn"));
      assertThat(again.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void sends_websockets_away_until_one_ends() throws Exception {
      var api = serve(BOUNDS);
      List<WebSocket> sockets = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sockets.add(socket(api).join());
      }
      assertThat(refused(api)).isEqualTo(503);
      sockets.get(0).abort();
      var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (refused(api) != 0) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
      sockets.forEach(WebSocket::abort);
    }

    @Test
    void cuts_websockets_that_do_not_say_who_they_are_in_time() throws Exception {
      var api = serve(BOUNDS + ", auth.within = 100ms");
      var url = api.base().toString().replace("http:", "ws:");
      socket(url + "/silent").join();
      assertThat(holds.poll(10, TimeUnit.SECONDS)).as("closed").isFalse();
      for (int i = 0; i < 3; i++) {
        socket(url + "/socket").join();
      }
      assertThat(refused(api)).isEqualTo(503);
    }

    private int refused(Asker api) {
      try {
        socket(api).join();
        return 0;
      } catch (CompletionException failed) {
        return ((WebSocketHandshakeException) failed.getCause()).getResponse().statusCode();
      }
    }

    private CompletableFuture<WebSocket> socket(Asker api) {
      return socket(api.base().toString().replace("http:", "ws:") + "/socket");
    }

    private CompletableFuture<WebSocket> socket(String url) {
      return HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(URI.create(url), new WebSocket.Listener() {});
    }
  }

  @Nested
  class WhenBodiesAreLarge {
    @Test
    void refuses_what_is_announced_too_large_before_it_comes() throws Exception {
      try (var slow = new RawConnection(serve(BOUNDS).base())) {
        slow.begin("/size", BODY_MAX + 1, Map.of("X-Password", "open"));
        assertThat(slow.readStatusLine()).startsWith("HTTP/1.1 413");
      }
    }

    @Test
    void sends_away_what_exceeds_the_bound_of_all_bodies() throws Exception {
      var api = serve("requests-max = 100, held-max = 3, bodies-max = 4000");
      var open = new ArrayDeque<>(List.of(unfinished(api), unfinished(api)));
      try {
        var text = "[" + "0,".repeat(500) + "0]";
        Asker.Reply reply = api.post("/size", text);
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (reply.status() != 429) {
          assertThat(System.nanoTime()).isLessThan(deadline);
          var oldest = open.remove();
          // If it came while this text was read it was sent away itself.
          if (oldest.isAnswered()) {
            oldest.close();
            oldest = unfinished(api);
          }
          open.add(oldest);
          reply = api.post("/size", text);
        }
        assertThat(reply.text("detail")).contains("4000 bytes", "sluice.http.bodies-max = 4000");
        assertThat(api.post("/release", "{}").status()).isEqualTo(200);
        open.peek().write(" ".repeat(1998) + "]");
        assertThat(open.peek().readStatusLine()).startsWith("HTTP/1.1 200");
      } finally {
        for (var connection : open) {
          connection.close();
        }
      }
    }

    /** The first of 2000 bytes are on their way. */
    private RawConnection unfinished(Asker api) throws IOException {
      var connection = new RawConnection(api.base());
      connection.begin("/size", 2000, Map.of("X-Password", "open"));
      connection.write("[");
      return connection;
    }
  }

  @Test
  void is_not_made_if_held_requests_could_take_all_connections() {
    assertThatThrownBy(() -> serve("held-max = 20000"))
        .hasMessageContaining("sluice.http.held-max")
        .hasMessageContaining("less than pekko.http.server.max-connections, 20000");
  }

  @Nested
  class WithARate {
    private final String slow = BOUNDS + ", requests-per-second = 0.1, requests-burst = 3";

    @Test
    void sends_away_who_asks_too_much_unless_it_gives_something_back() {
      var api = serve(slow);
      for (int i = 0; i < 3; i++) {
        assertThat(api.get("/plain").status()).isEqualTo(200);
        assertThat(api.post("/release", "{}").status()).isEqualTo(200);
      }
      var refused = api.get("/plain");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
          .isBetween(10L, 30L);
      assertThat(refused.text("detail")).startsWith("127.0.0.1 makes more requests");
      assertThat(api.post("/release", "{}").status()).isEqualTo(200);
    }

    @Test
    void counts_guesses_at_passwords_whatever_they_ask_for() {
      var stranger = new Asker(serve(slow).base());
      for (int i = 0; i < 3; i++) {
        assertThat(stranger.post("/release", "{}").status()).isEqualTo(401);
      }
      assertThat(stranger.post("/release", "{}").status()).isEqualTo(429);
    }
  }
}
