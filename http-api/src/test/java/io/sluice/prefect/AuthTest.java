package io.sluice.prefect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.http.Asker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("A node with an auth string and two keys")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class AuthTest {
  private static final String STRING = "warden:pässword";
  private static final String UNAUTHORIZED = "401 {\"exception_message\":\"Unauthorized\"}";

  private Served served;
  private Asker api;

  @BeforeAll
  void start() {
    served =
        Served.start(
            "sluice.http.auth { string = \"%s\", keys = \"old-key, new-key\" }".formatted(STRING),
            InstantSource.system());
    api = served.api();
  }

  @AfterAll
  void stop() {
    served.close();
  }

  private static String basic(String secret) {
    return "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(UTF_8));
  }

  private Asker.Reply ask(String authorization) {
    return api.with("Authorization", authorization).get("/admin/version");
  }

  @Nested
  class OverHttp {
    @Test
    void lets_pass_who_knows_one_of_them_in_either_form() {
      for (var secret : List.of(STRING, "old-key", "new-key")) {
        assertThat(ask(basic(secret)).status()).as(secret).isEqualTo(200);
      }
      assertThat(ask("Bearer old-key").status()).isEqualTo(200);
      assertThat(ask("bearer new-key").status()).isEqualTo(200);
    }

    @Test
    void refuses_everything_else() {
      assertThat(api.get("/admin/version")).hasToString(UNAUTHORIZED);
      for (var authorization :
          List.of(
              "Basic",
              "Bearer",
              "Basic !!!",
              "Bearer old",
              "Bearer old-key2",
              "Bearer old-key,",
              "Bearer old-key, new-key",
              "Digest old-key",
              "old-key",
              "Basic old-key")) {
        assertThat(ask(authorization)).as(authorization).hasToString(UNAUTHORIZED);
      }
    }

    @Test
    void refuses_wrong_passwords_and_parts_of_the_right_one() {
      for (var wrong : List.of("warden:", "warden", "warden:passwort", ":" + STRING, "", ":")) {
        assertThat(ask(basic(wrong))).as(wrong).hasToString(UNAUTHORIZED);
      }
    }

    @Test
    void is_open_to_probes_at_health_and_ready_only() {
      assertThat(api.get("/health").status()).isEqualTo(200);
      // It answers before its shards have found each other.
      HeldRequestTest.await(() -> api.get("/ready").status() != 503, Duration.ofSeconds(10));
      assertThat(api.get("/ready").status()).isEqualTo(200);
      assertThat(api.post("/health", "{}")).hasToString(UNAUTHORIZED);
      for (var path :
          List.of("/version", "/hello", "/csrf-token?client=a", "/variables/name/health", "/x")) {
        assertThat(api.get(path)).as(path).hasToString(UNAUTHORIZED);
      }
    }

    @Test
    void shows_no_secret_in_its_settings() {
      var settings = api.with("Authorization", "Bearer old-key").get("/admin/settings").json();
      assertThat(settings.at("/server/api/auth_string").textValue()).isEqualTo("**********");
      assertThat(settings.toString()).doesNotContain("warden", "pässword", "-key");
    }
  }

  /** Hears one websocket. */
  private static final class Ear implements WebSocket.Listener {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heard.add(data.toString());
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      heard.add("closed %d %s".formatted(code, reason));
      return null;
    }

    String next() throws InterruptedException {
      return heard.poll(20, TimeUnit.SECONDS);
    }
  }

  @Nested
  class OverWebsockets {
    private static final List<String> PATHS = List.of("/events/in", "/events/out", "/logs/out");

    private Ear say(String path, String first) {
      var ear = new Ear();
      HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .subprotocols("prefect")
          .buildAsync(URI.create(api.base().toString().replace("http:", "ws:") + path), ear)
          .join()
          .sendText(first.replace('\'', '"'), true)
          .join();
      return ear;
    }

    @Test
    void lets_pass_who_says_one_of_them_first() throws Exception {
      for (var path : PATHS) {
        for (var secret : List.of(STRING, "old-key", "new-key")) {
          var ear = say(path, "{'type': 'auth', 'token': '%s'}".formatted(secret));
          assertThat(ear.next()).isEqualTo("{\"type\":\"auth_success\"}");
        }
      }
    }

    @Test
    void says_why_it_refuses_in_words_that_the_client_shows_and_hangs_up() throws Exception {
      for (var path : PATHS) {
        refuses(path, "{'type': 'auth', 'token': 'old'}", "Invalid token");
        refuses(path, "{'type': 'auth', 'token': null}", "Auth required but no token provided");
        refuses(path, "{'type': 'auth'}", "Auth required but no token provided");
        refuses(path, "{'type': 'filter', 'token': 'old-key'}", "Expected 'auth' message");
        refuses(path, "old-key", "Expected 'auth' message");
      }
      var channel = "/work_pools/any/workers/connect";
      refuses(channel, "{'type': 'auth', 'token': 'old'}", "authentication_failed");
    }

    private void refuses(String path, String first, String reason) throws InterruptedException {
      var ear = say(path, first);
      assertThat(ear.next()).isEqualTo("closed 1008 " + reason);
    }
  }

  @Nested
  class BeforeTheFirstMessage {
    @Test
    void admits_nobody_until_a_good_token_was_said() {
      var config = ConfigFactory.parseString("string = \"\", keys = a-key");
      var guarded = new SocketAuth(new Credentials(config, false), new EventsIn(null));
      assertThat(guarded.isAdmitted()).isFalse();
      guarded.heard("{\"type\":\"auth\",\"token\":\"wrong\"}");
      assertThat(guarded.isAdmitted()).isFalse();
      guarded.heard("{\"type\":\"auth\",\"token\":\"a-key\"}");
      assertThat(guarded.isAdmitted()).isTrue();
    }
  }

  @Nested
  class AsCredentials {
    private Credentials of(String settings) {
      return new Credentials(
          ConfigFactory.parseString(settings)
              .withFallback(ConfigFactory.parseString("string = \"\", keys = \"\"")),
          false);
    }

    @Test
    void are_not_wanted_if_none_is_set() {
      assertThat(of("").areWanted()).isFalse();
      assertThat(of("string = \" \", keys = \" , \"").areWanted()).isFalse();
      assertThat(of("keys = []").areWanted()).isFalse();
      assertThat(of("string = x").areWanted()).isTrue();
      assertThat(of("keys = [\"x,y\"]").isSecret("x,y")).isTrue();
    }
  }
}
