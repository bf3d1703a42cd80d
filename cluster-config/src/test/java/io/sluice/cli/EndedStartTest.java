package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.store.PostgresServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A node of a cluster that ends while it starts")
class EndedStartTest {
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws IOException, InterruptedException {
    postgres = PostgresServer.startOrSkip();
  }

  @AfterAll
  static void stopPostgres() throws IOException, InterruptedException {
    if (postgres != null) {
      postgres.stop();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** It must not wait for an answer that cannot come: whatever runs it starts it again. */
  @Test
  void says_so_at_once() throws Exception {
    Map<String, Object> given = new HashMap<>();
    given.put("sluice.server.port", 0);
    given.put("sluice.server.answer-within", "10m");
    given.put("sluice.store.url", postgres.newDatabase());
    given.put("sluice.store.user", postgres.user());
    given.put("sluice.cluster.port", freePort());
    given.put("sluice.cluster.management-port", freePort());
    given.put("sluice.cluster.seed-nodes", List.of("127.0.0.1:" + freePort()));
    given.put("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes", "1s");
    given.put("pekko.loglevel", "ERROR");
    var settings = NodeSettings.cluster(ConfigFactory.parseMap(given), Optional.empty());

    assertThatThrownBy(() -> ServedNode.start(settings, InstantSource.system()))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("ended while it started");
  }
}
