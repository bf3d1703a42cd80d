package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
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

  /** The node was cut off before it could commit, and PostgreSQL does not notice. */
  @Test
  void lets_go_of_what_a_node_had_begun_to_write() throws Exception {
    try (var store = Store.open(settings());
        var lost = store.dataSource().getConnection()) {
      lost.setAutoCommit(false);
      try (var begun = lost.prepareStatement("INSERT INTO tag (entity_id, tag) VALUES (?, 'x')")) {
        begun.setObject(1, new UUID(0, 1));
        begun.executeUpdate();
      }

      var next =
          store.write(
              sql ->
                  sql.execute("INSERT INTO tag (entity_id, tag) VALUES (?, 'x')", new UUID(0, 1)));

      assertThat(next).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(1);
      assertThatThrownBy(lost::commit).isInstanceOf(SQLException.class);
    }
  }

  /** Rows before a snapshot are deleted, so that the number of the late one is free again. */
  @Test
  void refuses_an_event_of_an_owner_that_lags_behind_what_is_kept() {
    try (var store = Store.open(settings())) {
      for (int number = 1; number <= 4; number++) {
        insertEvent(store, "limit|a", number);
      }
      store.sql().execute("DELETE FROM event_journal WHERE sequence_number < 4");

      assertThatThrownBy(() -> insertEvent(store, "limit|a", 2))
          .matches(Store::isDuplicate)
          .hasMessageContaining("event 2 of limit|a comes too late");
      insertEvent(store, "limit|a", 5);
      insertEvent(store, "limit|b", 2);
    }
  }

  private static void insertEvent(Store store, String owner, int number) {
    store
        .sql()
        .execute(
            "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                + " adapter_manifest, event_payload, event_ser_id, event_ser_manifest)"
                + " VALUES (?, ?, '', 0, '', ?, 0, '')",
            owner,
            number,
            new byte[0]);
  }

  @Override
  StoreSettings settings() {
    return Stores.at(url, server.user(), true);
  }
}
