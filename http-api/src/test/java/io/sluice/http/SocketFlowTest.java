package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sluice.http.Socket.Close;
import io.sluice.http.Socket.Reply;
import io.sluice.node.SluiceConfig;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A websocket of the server")
@Timeout(60)
class SocketFlowTest {
  private static final int MESSAGE_MAX = 1000;
  private static final LinkedBlockingQueue<Echo> OPENED = new LinkedBlockingQueue<>();

  private static ActorSystem<Void> system;
  private static URI base;

  /** The same, but the end of a message may come late. */
  private static URI patient;

  /** Says what it hears, or does what it is told. */
  private static final class Echo implements Socket {
    final CompletableFuture<Peer> peer = new CompletableFuture<>();
    final CompletableFuture<String> end = new CompletableFuture<>();
    final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void opened(Peer peer) {
      this.peer.complete(peer);
      OPENED.add(this);
    }

    @Override
    public CompletableFuture<Reply> heard(String text) {
      heard.add(text);
      return CompletableFuture.completedFuture(
          text.startsWith("close ")
              ? Reply.hangUp(new Close(Integer.parseInt(text.substring(6)), "because"))
              : Reply.of(text));
    }

    @Override
    public void closed() {
      end.complete("over");
    }
  }

  @BeforeAll
  static void start() {
    var config =
        SluiceConfig.over(
            ConfigFactory.parseString(
                """
                pekko.actor.provider = local
                sluice.http.websocket { message-max = %d, message-within = 500ms, unread-max = 20 }
                """
                    .formatted(MESSAGE_MAX)));
    system = ActorSystem.create(Behaviors.empty(), "socket-test", config);
    var given = system.settings().config().getConfig("sluice.http");
    base = bind(given);
    patient = bind(ConfigFactory.parseString("websocket.message-within = 1h").withFallback(given));
  }

  private static URI bind(Config config) {
    var server =
        new Server(
            system,
            new Router().socket("/echo", Echo::new),
            new Problems(rejection -> Answer.detail(409, rejection.message())),
            "/api",
            config);
    var bound = server.bind("127.0.0.1", 0, Optional.empty()).toCompletableFuture().join();
    return URI.create("http://127.0.0.1:%d/api".formatted(bound.localAddress().getPort()));
  }

  @AfterAll
  static void stop() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private static SocketEnd open() {
    return open(base);
  }

  private static SocketEnd open(URI server) {
    OPENED.clear();
    return new SocketEnd(server, "/echo");
  }

  private static Echo opened() throws InterruptedException {
    return OPENED.poll(20, TimeUnit.SECONDS);
  }

  private static String ended(Echo socket) throws Exception {
    return socket.end.get(20, TimeUnit.SECONDS);
  }

  @Test
  void ends_with_the_code_and_the_reason_that_it_was_told() throws Exception {
    for (int code : new int[] {1000, 1002, 1008, 1011}) {
      try (var client = open()) {
        client.say("close " + code);
        assertThat(client.hear()).isEqualTo(SocketEnd.closed(code, "because"));
        assertThat(ended(opened())).isEqualTo("over");
      }
    }
  }

  @Test
  void ends_without_being_asked_after_all_that_was_said() throws Exception {
    try (var client = open()) {
      var peer = opened().peer.get();
      peer.say("last words");
      peer.hangUp(Close.serverError("tired"));
      peer.say("not heard");
      assertThat(client.hear()).isEqualTo("last words");
      assertThat(client.hear()).isEqualTo(SocketEnd.closed(1011, "tired"));
    }
  }

  @Test
  void repeats_the_code_of_a_client_that_ends_it() throws Exception {
    try (var client = open()) {
      client.bye();
      assertThat(client.hear()).startsWith(SocketEnd.closed(1000, ""));
      assertThat(ended(opened())).isEqualTo("over");
    }
  }

  @Test
  void takes_a_message_of_the_largest_size_in_one_frame_or_many() throws Exception {
    var largest = "x".repeat(MESSAGE_MAX);
    try (var client = open()) {
      assertThat(client.say(largest).hear()).isEqualTo(largest);
      var half = "y".repeat(MESSAGE_MAX / 2);
      assertThat(client.sayPart(half).say(half).hear()).isEqualTo(half + half);
    }
  }

  @Test
  void ends_with_a_reason_when_a_message_is_too_large() throws Exception {
    for (var frames : new int[] {1, 3}) {
      try (var client = open()) {
        for (int i = 1; i < frames; i++) {
          client.sayPart("é".repeat(MESSAGE_MAX / 4));
        }
        client.say(frames == 1 ? "é".repeat(MESSAGE_MAX / 2) + "x" : "x");
        assertThat(client.hear())
            .isEqualTo(
                SocketEnd.closed(
                    1009, "A message has more than 1000 bytes or took longer than 0.5 s."));
        var socket = opened();
        assertThat(ended(socket)).isEqualTo("over");
        assertThat(socket.heard).isEmpty();
      }
    }
  }

  /** The end of the message never comes: what is kept of it does not grow. */
  @Test
  void does_not_wait_for_the_end_of_a_message_that_is_too_large() throws Exception {
    try (var client = open(patient)) {
      client.sayPart("x".repeat(MESSAGE_MAX)).sayPart("x");
      assertThat(client.hear()).startsWith(SocketEnd.closed(1009, ""));
      assertThat(ended(opened())).isEqualTo("over");
    }
  }

  @Test
  void ends_when_the_rest_of_a_message_does_not_come() throws Exception {
    try (var client = open()) {
      client.sayPart("x");
      assertThat(client.hear()).startsWith(SocketEnd.closed(1009, ""));
    }
  }
}
