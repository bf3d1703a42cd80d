package io.sluice.store;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The log of what H2 has not written yet")
class RedoLogTest {
  @TempDir Path dir;
  @TempDir Path killed;

  private Store open(Path where) {
    return Store.open(Stores.h2(where));
  }

  private static RowChange add(int n) {
    return RowChange.of("insert into tag (entity_id, tag) values (?, ?)", new UUID(0, n), "x");
  }

  private static RowChange rename(int n, String from, String to) {
    return RowChange.fenced(
        "update tag set tag = ? where entity_id = ? and tag = ?", to, new UUID(0, n), from);
  }

  private static int rows(Store store) {
    return store.sql().fetchCount(DSL.table("tag"));
  }

  /** Database of before, log of now: H2 has written nothing since. */
  private void writeToLogOnly(List<List<RowChange>> writes) throws IOException {
    open(dir).close();
    try (var store = open(dir)) {
      Files.copy(dir.resolve("sluice.mv.db"), killed.resolve("sluice.mv.db"));
      for (var write : writes) {
        await(store.writer().write(write));
      }
      for (var name : List.of("sluice.redo-1", "sluice.redo-2")) {
        Files.copy(dir.resolve(name), killed.resolve(name));
      }
    }
  }

  @Test
  void is_carried_out_at_the_next_start_in_its_order() throws IOException {
    writeToLogOnly(
        List.of(
            List.of(add(1)), List.of(rename(1, "x", "y"), add(2)), List.of(rename(1, "y", "z"))));

    try (var store = open(killed)) {
      assertThat(rows(store)).isEqualTo(2);
      assertThat(store.sql().fetchValue("select tag from tag where entity_id = ?", new UUID(0, 1)))
          .isEqualTo("z");
    }
    // What was carried out again is not carried out a third time.
    try (var store = open(killed)) {
      assertThat(rows(store)).isEqualTo(2);
    }
  }

  @Test
  void is_gone_after_a_clean_end() {
    try (var store = open(dir)) {
      await(store.writer().write(List.of(add(1))));
      assertThat(RedoLog.isLeft(dir.resolve("sluice.mv.db"))).isTrue();
    }
    assertThat(RedoLog.isLeft(dir.resolve("sluice.mv.db"))).isFalse();
  }

  /** While H2 is made to write over and over, in another order than the transactions end. */
  @Test
  void has_all_that_was_acknowledged_and_each_once_whenever_the_process_is_killed()
      throws IOException {
    var random = new SplittableRandom(7);
    int rounds = 12;
    try (var store = open(dir)) {
      int added = 0;
      for (int round = 0; round < rounds; round++) {
        var writes = new ArrayList<CompletableFuture<Void>>();
        for (int n = random.nextInt(1, 10); n > 0; n--) {
          var writer = random.nextBoolean() ? store.writer() : store.journalWriter();
          writes.add(writer.write(List.of(add(added), rename(added, "x", "y"))));
          added++;
        }
        if (random.nextBoolean()) {
          writes.add(store.writeApart(List.of(add(added))));
          added++;
        }
        writes.forEach(done -> await(done));
        var at = Files.createDirectory(killed.resolve("round" + round));
        Stores.copyAsKilled(dir, at);
        try (var found = open(at)) {
          assertThat(rows(found)).isEqualTo(added);
        }
      }
    }
  }

  @Test
  void without_the_database_it_belongs_to_is_refused() throws IOException {
    writeToLogOnly(List.of(List.of(add(1)), List.of(rename(1, "x", "y"))));
    // Another database, which knows the writer, but not what it wrote.
    Files.delete(killed.resolve("sluice.mv.db"));
    var other = Files.createDirectory(killed.resolve("other"));
    open(other).close();
    try (var store = open(other)) {
      await(store.writer().write(List.of(add(7))));
    }
    Files.copy(other.resolve("sluice.mv.db"), killed.resolve("sluice.mv.db"));

    assertThatThrownBy(() -> open(killed))
        .hasRootCauseMessage(
            "the log of its last commits does not fit: transaction 2 of sluice-row-writer cannot"
                + " be carried out on it: no row has the expected version: update tag set tag = ? where entity_id = ? and tag = ?")
        .rootCause()
        .isInstanceOf(UnfitSchema.class);
    assertThat(RedoLog.isLeft(killed.resolve("sluice.mv.db"))).isTrue();
  }

  @Test
  void takes_no_transaction_that_may_build_on_one_that_is_not_durable() throws Exception {
    var database = new WatchedDatabase();
    try (var store = open(dir)) {
      var durable = logged(database.over(store.dataSource()));
      var connection = (LoggedConnection) durable.getConnection();
      connection.setAutoCommit(false);
      var forces = new Forces();
      database.before(forces);

      commit(connection);
      assertThat(forces.mine).as("it is in the log").isZero();

      forces.fail = true;
      assertThatThrownBy(connection::commit).hasMessage("disk");
      assertThatThrownBy(() -> commit(connection)).hasMessage("disk");
      assertThat(forces.mine).isEqualTo(2);

      forces.fail = false;
      commit(connection);
      assertThat(forces.mine).as("with it those before it are durable").isEqualTo(3);
      commit(connection);
      assertThat(forces.mine).as("this one is in the log again").isEqualTo(3);
      connection.close();
      durable.close();
    }
  }

  @Test
  void is_not_begun_anew_before_h2_was_made_to_write_what_it_holds() throws Exception {
    var database = new WatchedDatabase();
    try (var store = open(dir)) {
      var durable = logged(database.over(store.dataSource()));
      var forces = new Forces();
      database.before(forces);
      try (var connection = (LoggedConnection) durable.getConnection()) {
        connection.setAutoCommit(false);
        commit(connection);
      }
      assertThat(forces.others.await(20, TimeUnit.SECONDS)).isTrue();
      durable.close();
    }
  }

  private DurableDataSource logged(DataSource database) throws SQLException, IOException {
    var durable = new DurableDataSource(database);
    durable.logTo(killed.resolve("x.mv.db"), List.of("w"));
    return durable;
  }

  private static void commit(LoggedConnection connection) throws SQLException {
    connection.commit("w", List.of(add(1)));
  }

  /** Counts when this thread has H2 write; it happens behind it, too. */
  private static final class Forces implements Consumer<String> {
    private final Thread test = Thread.currentThread();
    private final CountDownLatch others = new CountDownLatch(1);
    private int mine;
    private volatile boolean fail;

    @Override
    public void accept(String what) {
      if (!what.equals("CHECKPOINT SYNC")) {
        return;
      }
      if (!Thread.currentThread().equals(test)) {
        others.countDown();
        return;
      }
      mine++;
      if (fail) {
        throw new IllegalStateException("disk");
      }
    }
  }
}
