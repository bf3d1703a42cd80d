package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sluice.limit.Claim;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.HeldLease;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import io.sluice.log.Logs;
import io.sluice.node.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Moving an embedded store to PostgreSQL")
class StoreMoveTest {
  /** More than one batch. */
  private static final int LINES = 1234;

  private static final String COUNT_EVENTS = "select count(*) from \"event_journal\"";

  private static PostgresServer server;
  @TempDir Path dir;

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

  private String source() {
    return "jdbc:h2:file:" + dir.resolve("sluice");
  }

  private static StoreMove.Moved move(String from, String to) {
    return StoreMove.move(from, Stores.at(to, server.user(), true), (table, rows) -> {});
  }

  private static Logs.Entry line(TestNode node, String text) {
    var now = node.node().clock().instant();
    return new Logs.Entry(null, null, "flow", 20, text, now, UUID.randomUUID(), null);
  }

  private static SlotRequest request(TestNode node) {
    return SlotRequest.one(null, node.node().clock().instant());
  }

  @Test
  void takes_holders_tokens_rows_and_texts_along_and_leaves_the_source_as_it_was()
      throws Exception {
    UUID limit;
    List<HeldLease> before;
    try (var node = TestNode.start(dir, Map.of("sluice.limit.snapshot-every", 5))) {
      limit = TestNode.await(node.owners().limits().create(LimitSettings.of("db", 9), 0)).id();
      for (int n = 0; n < 8; n++) {
        acquire(node, limit);
      }
      before = TestNode.await(node.owners().limits().get(limit)).leases();
      var lines = new ArrayList<Logs.Entry>();
      for (int n = 0; n < LINES; n++) {
        lines.add(line(node, "öre " + n));
      }
      lines.add(line(node, "a\0b"));
      TestNode.await(node.owners().logs().add(lines));
    }
    var bytes = Files.readAllBytes(dir.resolve("sluice.mv.db"));
    var url = server.newDatabase();

    var moved = move(source(), url);

    assertThat(moved.replaced()).isEqualTo(1);
    assertThat(moved.rows()).isGreaterThan(LINES + 8);
    assertThat(Files.readAllBytes(dir.resolve("sluice.mv.db"))).isEqualTo(bytes);
    var there = Map.of("sluice.store.url", url, "sluice.store.user", server.user());
    try (var node = TestNode.start(dir.resolve("none"), there)) {
      var after = TestNode.await(node.owners().limits().get("db"));
      assertThat(after.leases())
          .extracting(HeldLease::lease)
          .isEqualTo(before.stream().map(HeldLease::lease).toList());
      acquire(node, limit);
      var newest = TestNode.await(node.owners().limits().get(limit)).leases().get(8).lease();
      assertThat(newest.token()).isGreaterThan(before.get(7).lease().token());
      var sql = node.node().store().sql();
      assertThat(sql.fetchValue("select count(*) from log")).isEqualTo(LINES + 1L);
      assertThat(sql.fetchValue("select message from log where message like 'a%'"))
          .isEqualTo("a\uFFFDb");
    }
  }

  private static void acquire(TestNode node, UUID limit) {
    var lease = OwnerKey.leaseOf(limit, UUID.randomUUID());
    var claim = Claim.leased(limit, lease, Duration.ofMinutes(5));
    TestNode.await(
        node.owners().limits().acquire(List.of(claim), request(node), IfBusy.FORGET).outcome());
  }

  @Test
  void takes_what_a_killed_node_had_written() throws Exception {
    var killed = dir.resolve("killed");
    Files.createDirectory(killed);
    long events;
    try (var node = TestNode.start(dir)) {
      var limit = TestNode.await(node.owners().limits().create(LimitSettings.of("db", 2), 0)).id();
      Stores.copyAsKilled(dir, killed);
      acquire(node, limit);
      // What H2 had not written yet is in the log alone.
      for (var log : List.of("sluice.redo-1", "sluice.redo-2")) {
        Files.copy(dir.resolve(log), killed.resolve(log), StandardCopyOption.REPLACE_EXISTING);
      }
      events = (Long) node.node().store().sql().fetchValue(COUNT_EVENTS);
    }
    var url = server.newDatabase();

    move("jdbc:h2:file:" + killed.resolve("sluice"), url);

    try (var target = Store.open(Stores.at(url, server.user(), false))) {
      assertThat(target.sql().fetchValue("select name from concurrency_limit")).isEqualTo("db");
      assertThat(target.sql().fetchValue(COUNT_EVENTS)).isEqualTo(events);
    }
  }

  @Test
  void is_refused_if_the_target_holds_anything_and_changes_nothing_there() throws Exception {
    Store.open(Stores.at(source(), "", true)).close();
    var url = server.newDatabase();
    try (var target = Store.open(Stores.at(url, server.user(), true))) {
      target.sql().execute("insert into server_setting values ('theme', 'dark')");
    }

    var refused = catchThrowable(() -> move(source(), url));

    assertThat(refused).isInstanceOf(StoreUnavailable.class);
    assertThat(refused.getCause()).hasMessageContaining("server_setting has 1 rows");
    assertThat(((UnfitSchema) refused.getCause()).nextStep()).contains("empty database");
  }

  @Test
  void that_fails_in_between_leaves_the_target_empty() throws Exception {
    try (var source = Store.open(Stores.at(source(), "", true))) {
      source.sql().execute("insert into server_setting values ('theme', 'dark')");
      source.sql().execute("insert into tag values (random_uuid(), 'x')");
    }
    var url = server.newDatabase();
    var to = Stores.at(url, server.user(), true);

    var failed =
        catchThrowable(
            () ->
                StoreMove.move(
                    source(),
                    to,
                    (table, rows) -> {
                      if (table.equals("tag")) {
                        throw new IllegalStateException("the cable was pulled");
                      }
                    }));

    assertThat(failed).hasStackTraceContaining("the cable was pulled");
    assertThat(move(source(), url).rows()).isEqualTo(2);
  }

  @Test
  void of_a_store_that_an_older_version_wrote_is_refused() throws Exception {
    int newest;
    try (var source = Store.open(Stores.at(source(), "", true))) {
      var history = source.sql().fetch("select \"version\" from \"flyway_schema_history\"");
      newest =
          history.getValues(0, Integer.class).stream()
              .filter(Objects::nonNull)
              .mapToInt(v -> v)
              .max()
              .getAsInt();
      source
          .sql()
          .execute("delete from \"flyway_schema_history\" where \"version\" = ?", "" + newest);
    }
    var url = server.newDatabase();

    var refused = catchThrowable(() -> move(source(), url));

    assertThat(refused.getCause())
        .hasMessageContaining("version %d, older than version %d".formatted(newest - 1, newest));
  }
}
