package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

@DisplayName("A server")
@Timeout(30)
class ServerTest {
  private static final int BODY_MAX = 2048;

  private static final LinkedBlockingQueue<Call> HELD = new LinkedBlockingQueue<>();
  private static final LinkedBlockingQueue<String> GONE = new LinkedBlockingQueue<>();

  private static ActorSystem<Void> system;
  private static Server server;
  private static Asker asker;

  @BeforeAll
  static void start() {
    var config =
        SluiceConfig.over(
            ConfigFactory.parseString(
                """
                pekko.actor.provider = local
                sluice.http { body-max = %d, body-within = 300ms }
                """
                    .formatted(BODY_MAX)));
    system = ActorSystem.create(Behaviors.empty(), "server-test", config);
    server = server();
    asker = new Asker(bind(server));
  }

  private static Server server() {
    var router =
        new Router()
            .gate(ServerTest::gate)
            .get("/names/{name}", Handler.now(call -> Answer.ok(call.parameter("name"))))
            .get("/query", Handler.now(call -> Answer.ok(call.query("q").orElse(null))))
            .get("/text", Handler.now(call -> Answer.text("plain")))
            .get("/endless", Handler.now(call -> Answer.ok(nested(2000))))
            .get("/nothing", Handler.now(call -> Answer.noContent()))
            .get("/null", Handler.now(call -> Answer.ok(null)))
            .get("/host", Handler.now(call -> Answer.ok(call.connection().remoteHost())))
            .get("/later", Handler.now(call -> Answer.detail(423, "x").with("Retry-After", "0.5")))
            .post("/size", Handler.now(call -> Answer.ok(call.json().path("f").asText().length())))
            .post("/hold", ServerTest::hold);
    return new Server(
        system,
        router,
        new Problems(rejection -> Answer.detail(409, rejection.message())),
        "/api",
        system.settings().config().getConfig("sluice.http"));
  }

  private static Object nested(int levels) {
    Object nested = List.of();
    for (int i = 1; i < levels; i++) {
      nested = List.of(nested);
    }
    return nested;
  }

  private static void gate(Call call) {
    if (call.header("X-Closed").isPresent()) {
      throw new Plain(400, "closed");
    }
  }

  private static CompletableFuture<Answer> hold(Call call) {
    var answer = new CompletableFuture<Answer>();
    call.connection()
        .whenGone(
            () -> {
              GONE.add("gone");
              answer.complete(Answer.ok("let go"));
            });
    HELD.add(call);
    return answer;
  }

  private static URI bind(Server server) {
    var bound = server.bind("127.0.0.1", 0, Optional.empty()).toCompletableFuture().join();
    return URI.create("http://127.0.0.1:%d/api".formatted(bound.localAddress().getPort()));
  }

  @AfterAll
  static void stop() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  @Nested
  class AnswersPaths {
    @Test
    void below_its_prefix_only_with_or_without_a_slash_at_the_end() {
      assertThat(asker.get("/names/db").json().textValue()).isEqualTo("db");
      assertThat(asker.get("/names/db/").json().textValue()).isEqualTo("db");
      assertThat(asker.get("/names/").toString()).isEqualTo("404 {\"detail\":\"Not Found\"}");
      var outside = new Asker(URI.create(asker.base().toString().replace("/api", "/apis")));
      assertThat(outside.get("/names/db").status()).isEqualTo(404);
      assertThat(outside.get("").status()).isEqualTo(404);
    }

    @Test
    void with_decoded_names() {
      assertThat(asker.get("/names/deploy%3Amine%20%C3%A9t%C3%A9").json().textValue())
          .isEqualTo("deploy:mine été");
      assertThat(asker.get("/names/a%2Fb").json().textValue()).isEqualTo("a/b");
      assertThat(asker.get("/names/a+b").json().textValue()).isEqualTo("a+b");
    }

    @Test
    void with_names_and_queries_that_no_store_takes_by_4xx() {
      assertThat(asker.get("/names/a%00b").status()).isEqualTo(404);
      assertThat(asker.get("/query?q=a%00b").status()).isEqualTo(422);
    }

    @Test
    void with_the_wrong_method_by_405() {
      assertThat(asker.delete("/names/db").toString())
          .isEqualTo("405 {\"detail\":\"Method Not Allowed\"}");
    }

    @Test
    void with_decoded_queries() {
      assertThat(asker.get("/query?a=1&q=x%20y").json().textValue()).isEqualTo("x y");
      assertThat(asker.get("/query").json().isNull()).isTrue();
    }
  }

  @Nested
  class Writes {
    @Test
    void text_json_null_and_nothing_with_their_content_types() {
      var text = asker.get("/text");
      assertThat(text.headers().firstValue("Content-Type")).contains("text/plain; charset=UTF-8");
      assertThat(asker.get("/null").json().isNull()).isTrue();
      var nothing = asker.get("/nothing");
      assertThat(nothing.status()).isEqualTo(204);
      assertThat(nothing.json().isMissingNode()).isTrue();
    }

    @Test
    void that_an_answer_failed_which_cannot_be_written() {
      assertThat(asker.get("/endless").toString())
          .isEqualTo("500 {\"exception_message\":\"Internal Server Error\"}");
      assertThat(asker.get("/null").status()).isEqualTo(200);
    }

    @Test
    void the_headers_of_an_answer() {
      assertThat(asker.get("/later").headers().firstValue("Retry-After")).contains("0.5");
    }
  }

  @Nested
  class AsksItsGate {
    @Test
    void before_a_handler_but_after_finding_it() {
      var closed = asker.with("X-Closed", "yes");
      assertThat(closed.get("/names/db").toString()).isEqualTo("400 {\"detail\":\"closed\"}");
      assertThat(closed.get("/nowhere").status()).isEqualTo(404);
    }

    @Test
    void knowing_where_the_client_is() {
      assertThat(asker.get("/host").json().textValue()).isEqualTo("127.0.0.1");
    }
  }

  @Nested
  class BoundsBodies {
    private static String ofBytes(int bytes) {
      int frame = "{\"f\":\"\"}".length();
      return "{\"f\":\"" + "x".repeat(bytes - frame) + "\"}";
    }

    @Test
    void taking_the_largest_and_no_larger_one() {
      assertThat(asker.post("/size", ofBytes(BODY_MAX)).status()).isEqualTo(200);
      var refused = asker.post("/size", ofBytes(BODY_MAX + 1));
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.text("detail"))
          .isEqualTo("The body is larger than 2048 bytes or did not arrive within 0.3 s.");
    }

    @Test
    void also_if_their_length_is_not_announced() {
      assertThat(chunked(BODY_MAX).status()).isEqualTo(200);
      assertThat(chunked(BODY_MAX + 1).status()).isEqualTo(413);
    }

    private static Asker.Reply chunked(int bytes) {
      var content = ofBytes(bytes).getBytes(StandardCharsets.UTF_8);
      return asker
          .send(
              "POST",
              "/size",
              BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
          .join();
    }

    @Test
    void and_the_time_they_take_to_arrive() throws Exception {
      try (var slow = new RawConnection(asker.base())) {
        slow.begin("/size", 1000, Map.of());
        slow.write("{");
        assertThat(slow.readStatusLine()).startsWith("HTTP/1.1 413");
      }
    }

    @Test
    void and_takes_names_that_clients_do_not_encode() throws Exception {
      for (var name : new String[] {"a|b", "a\\b"}) {
        try (var client = new RawConnection(asker.base())) {
          var path = asker.base().getPath() + "/names/" + name;
          client.write("GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".formatted(path));
          assertThat(client.readStatusLine()).as(name).isEqualTo("HTTP/1.1 200 OK");
          assertThat(client.readRest()).contains(name.replace("\\", "\\\\"));
        }
      }
    }

    @Test
    void and_answers_what_is_no_request_in_the_shape_of_all_answers() throws Exception {
      try (var client = new RawConnection(asker.base())) {
        client.begin("/names/x?like=50%", 0, Map.of());
        assertThat(client.readStatusLine()).isEqualTo("HTTP/1.1 400 Bad Request");
        assertThat(client.readRest())
            .contains("Content-Type: application/json")
            .contains("{\"detail\":\"Illegal request-target: ");
      }
    }

    @Test
    void and_finds_nothing_at_a_path_with_a_bare_percent_sign() throws Exception {
      for (var path : new String[] {"/names/50%", "/names/%zz", "/names/50%x?like=x"}) {
        try (var client = new RawConnection(asker.base())) {
          client.begin(path, 0, Map.of());
          assertThat(client.readStatusLine()).as(path).isEqualTo("HTTP/1.1 404 Not Found");
          assertThat(client.readRest())
              .contains("Content-Type: application/json")
              .contains("{\"detail\":\"Not Found\"}");
        }
      }
    }

    @Test
    void and_answers_422_to_what_is_no_json() {
      assertThat(asker.post("/size", "{'f'").status()).isEqualTo(422);
    }
  }

  @Nested
  class HoldingARequest {
    @Test
    void tells_it_within_a_second_that_its_client_has_gone() throws Exception {
      try (var client = new RawConnection(asker.base())) {
        client.post("/hold", "{}", Map.of());
        assertThat(HELD.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(GONE).isEmpty();
      }
      assertThat(GONE.poll(1, TimeUnit.SECONDS)).isEqualTo("gone");
    }

    @Test
    void answers_it_when_it_lets_go_and_holds_no_other() throws Exception {
      var stopping = server();
      var client = new Asker(bind(stopping));
      var held = List.of(client.ask("POST", "/hold", "{}"), client.ask("POST", "/hold", "{}"));
      for (int i = 0; i < held.size(); i++) {
        assertThat(HELD.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(held).noneMatch(CompletableFuture::isDone);
      stopping.letGo();
      for (var answer : held) {
        assertThat(answer.get(1, TimeUnit.SECONDS).json().textValue()).isEqualTo("let go");
      }
      assertThat(client.post("/hold", "{}").json().textValue()).isEqualTo("let go");
      HELD.clear();
      GONE.clear();
    }
  }
}
