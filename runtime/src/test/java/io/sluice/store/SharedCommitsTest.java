package io.sluice.store;

import static io.sluice.node.TestNode.await;
import static io.sluice.store.WatchedDatabase.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Writes that come while another one is under way")
class SharedCommitsTest {
  private static final String FORCE = "CHECKPOINT SYNC";
  private static final int BATCH_MAX = 8;

  @TempDir Path dir;
  private final WatchedDatabase watched = new WatchedDatabase();
  private final CountDownLatch underWay = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Store store;

  @BeforeEach
  void open() {
    store = Store.open(Stores.h2(dir));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void holdUpFirst(String what) {
    watched.before(
        seen -> {
          if (seen.equals(what) && underWay.getCount() > 0) {
            underWay.countDown();
            assertThat(reached(goOn)).isTrue();
          }
        });
  }

  private static boolean reached(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static RowChange row(int n) {
    return RowChange.of("insert into tag (entity_id, tag) values (?, ?)", new UUID(0, n), "x");
  }

  @Test
  void share_the_next_commit_up_to_its_bound() {
    holdUpFirst(COMMIT);
    try (var writer = new RowWriter("writer", watched.over(store.dataSource()), store.settings())) {
      var writes = new ArrayList<CompletableFuture<Void>>();
      writes.add(writer.write(List.of(row(0))));
      assertThat(reached(underWay)).isTrue();
      for (int n = 1; n <= BATCH_MAX + 2; n++) {
        writes.add(writer.write(List.of(row(n))));
      }
      assertThat(writes).noneMatch(CompletableFuture::isDone);
      goOn.countDown();

      writes.forEach(done -> await(done));
      assertThat(watched.count(COMMIT)).isEqualTo(3);
    }
  }

  @Test
  void are_forced_to_the_device_before_they_count_and_share_that_too() {
    holdUpFirst(FORCE);
    var durable = new DurableDataSource(watched.over(store.dataSource()));
    var threads = new ArrayList<Thread>();
    var first = committing(durable, threads);
    assertThat(reached(underWay)).isTrue();
    var others = new ArrayList<CompletableFuture<Void>>();
    for (int n = 0; n < 4; n++) {
      others.add(committing(durable, threads));
    }
    for (var thread : threads.subList(1, threads.size())) {
      while (thread.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
    }
    assertThat(first).as("not before it is on the device").isNotDone();
    assertThat(others).noneMatch(CompletableFuture::isDone);
    goOn.countDown();

    await(first);
    others.forEach(done -> await(done));
    assertThat(watched.seen().get(0)).isEqualTo(COMMIT);
    assertThat(watched.count(COMMIT)).isEqualTo(5);
    assertThat(watched.count(FORCE)).isEqualTo(2);
  }

  private static CompletableFuture<Void> committing(
      DurableDataSource durable, List<Thread> threads) {
    var done = new CompletableFuture<Void>();
    var thread =
        new Thread(
            () -> {
              commit(durable);
              done.complete(null);
            });
    threads.add(thread);
    thread.start();
    return done;
  }

  private static void commit(DurableDataSource durable) {
    try (Connection connection = durable.getConnection()) {
      connection.setAutoCommit(false);
      connection.commit();
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void fail_with_what_the_database_says() throws Exception {
    var durable = new DurableDataSource(store.dataSource());
    try (var connection = durable.getConnection()) {
      assertThatThrownBy(() -> connection.prepareStatement("no sql"))
          .isInstanceOf(SQLException.class);
    }
  }
}
