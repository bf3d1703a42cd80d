package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A store in PostgreSQL")
class PostgresStoreTest extends StoreContract {
  private static PostgresServer server;
  private String url;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = PostgresServer.startOrSkip();
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    if (server != null) {
      server.stop();
    }
  }

  @BeforeEach
  void create() throws SQLException {
    url = server.newDatabase();
  }

  @Test
  void that_goes_away_under_a_query_is_unavailable_and_answers_when_it_is_back() {
    try (var store = Store.open(settings())) {
      var cutOff = store.read(sql -> sql.fetch("select pg_terminate_backend(pg_backend_pid())"));
      assertThat(cutOff)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableThat()
          .withCauseInstanceOf(StoreUnavailable.class);
      assertThat(store.ping()).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  @Override
  StoreSettings settings() {
    return Stores.at(url, server.user(), true);
  }
}
