package io.sluice.filter;

import io.sluice.store.PostgresServer;
import io.sluice.store.StoreSettings;
import io.sluice.store.Stores;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Pages and histories in PostgreSQL")
class PostgresRunQueryTest extends RunQueryContract {
  private static PostgresServer server;

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

  @Override
  StoreSettings settings() throws SQLException {
    return Stores.at(server.newDatabase(), server.user(), true);
  }
}
