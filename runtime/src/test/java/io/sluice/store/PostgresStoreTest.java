package io.sluice.store;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

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

  @Override
  StoreSettings settings() {
    return Stores.at(url, server.user(), true);
  }
}
