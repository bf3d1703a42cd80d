package io.sluice.store;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every store does, whatever database it is in. */
abstract class StoreContract {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");
  private static final UUID POOL = new UUID(0, 1);

  private Store opened;

  /** Settings of the same database within one test, of another one in the next. */
  abstract StoreSettings settings() throws Exception;

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private Store store() throws Exception {
    if (opened == null) {
      opened = Store.open(settings());
    }
    return opened;
  }

  private RowTable workers() throws Exception {
    return new RowTable(
        store().sql(),
        table(name("worker")),
        List.of(
            field(name("created"), Instant.class),
            field(name("updated"), Instant.class),
            field(name("work_pool_id"), UUID.class),
            field(name("name"), String.class),
            field(name("last_heartbeat_time"), Instant.class),
            field(name("heartbeat_interval_seconds"), Integer.class)));
  }

  private static List<Object> named(String name) {
    return Arrays.asList(NOON, NOON, POOL, name, NOON, null);
  }

  private RowChange insert(int id, String name) throws Exception {
    return workers().insert(new UUID(9, id), 1, named(name));
  }

  private RowChange update(int id, long version, String name) throws Exception {
    return workers().update(new UUID(9, id), version, named(name));
  }

  private CompletableFuture<Void> write(RowChange... changes) throws Exception {
    return store().writer().write(List.of(changes));
  }

  private List<String> names() throws Exception {
    var name = field(name("name"), String.class);
    return await(
        store()
            .read(sql -> sql.select(name).from("worker").orderBy(field(name("id"))).fetch(name)));
  }

  // ---- many rows at once ----

  @Test
  void writes_many_rows_apart_all_or_none() throws Exception {
    await(store().writeApart(List.of(insert(1, "a"), insert(2, "b"))));
    assertThat(names()).containsExactly("a", "b");

    var twice = store().writeApart(List.of(insert(3, "c"), insert(1, "again")));

    assertThatThrownBy(twice::join).matches(Store::isDuplicate);
    var stale = store().writeApart(List.of(insert(4, "d"), update(1, 7, "e")));
    assertThatThrownBy(stale::join).hasCauseInstanceOf(StaleRow.class);
    assertThat(names()).containsExactly("a", "b");
    await(store().writeApart(List.of(insert(5, "f"))));
    assertThat(names()).containsExactly("a", "b", "f");
  }

  // ---- opening ----

  @Test
  void is_given_its_tables_once_and_opened_again_as_it_is() throws Exception {
    await(write(insert(1, "a")));
    var migrations = migrations();
    assertThat(migrations).contains("1", "2", "3");
    opened.close();

    opened = Store.open(Stores.inUse(settings()));

    assertThat(migrations()).isEqualTo(migrations);
    assertThat(names()).containsExactly("a");
  }

  private List<String> migrations() throws Exception {
    return store()
        .sql()
        .select(field("\"version\"", String.class))
        .from("\"flyway_schema_history\"")
        .where("\"success\"")
        .fetch(0, String.class);
  }

  @Test
  void of_a_newer_program_is_refused_and_not_touched() throws Exception {
    store()
        .sql()
        .execute(
            "insert into \"flyway_schema_history\" select 99, '99.1', 'later', 'SQL', 'V99.sql', 1,"
                + " \"installed_by\", \"installed_on\", 1, \"success\""
                + " from \"flyway_schema_history\" where \"version\" = '1'");
    opened.close();

    var refused = catchThrowableOfType(StoreUnavailable.class, () -> Store.open(settings()));
    assertThat(refused.getCause()).isInstanceOf(UnfitSchema.class).hasMessageContaining("99.1");
    assertThat(((UnfitSchema) refused.getCause()).nextStep()).contains("newer Sluice");
  }

  @Test
  void without_tables_is_refused_if_it_must_hold_data() throws Exception {
    var empty = Stores.inUse(settings());

    var refused = catchThrowableOfType(StoreUnavailable.class, () -> Store.open(empty));
    assertThat(refused.getCause()).isInstanceOf(UnfitSchema.class).hasMessageContaining("lost");

    assertThat(store().sql().fetchCount(table("worker"))).isZero();
  }

  @Test
  void of_something_else_is_refused_and_not_touched() throws Exception {
    store().sql().execute("drop table \"flyway_schema_history\"");
    opened.close();

    assertThatThrownBy(() -> Store.open(settings()))
        .isInstanceOf(StoreUnavailable.class)
        .rootCause()
        .hasMessageContaining("non-empty schema");
    opened = null;
  }

  // ---- rows ----

  @Test
  void gives_back_what_was_written() throws Exception {
    await(write(insert(1, "ü 'a'")));
    var heard = field(name("last_heartbeat_time"), Instant.class);
    assertThat(names()).containsExactly("ü 'a'");
    assertThat(store().sql().select(heard).from("worker").fetchOne(heard)).isEqualTo(NOON);
  }

  @Test
  void refuses_an_owner_whose_row_somebody_else_changed() throws Exception {
    await(write(insert(1, "a")));
    await(write(update(1, 2, "b")));

    assertThatThrownBy(() -> await(write(update(1, 2, "stale"))))
        .hasCauseInstanceOf(StaleRow.class);
    assertThatThrownBy(() -> await(write(update(2, 2, "missing"))))
        .hasCauseInstanceOf(StaleRow.class);

    assertThat(names()).containsExactly("b");
  }

  @Test
  void writes_all_changes_of_a_write_or_none() throws Exception {
    await(write(insert(1, "a")));

    assertThatThrownBy(() -> await(write(insert(2, "b"), update(1, 7, "stale"))))
        .hasCauseInstanceOf(StaleRow.class);

    assertThat(names()).containsExactly("a");
  }

  @Test
  void tells_a_taken_name_from_other_failures() throws Exception {
    await(write(insert(1, "a")));

    assertThatThrownBy(() -> await(write(insert(2, "a"))))
        .satisfies(failure -> assertThat(Store.isDuplicate(failure)).isTrue());
    assertThatThrownBy(() -> await(write(insert(2, null))))
        .as("a row without a name")
        .hasCauseInstanceOf(SQLException.class)
        .satisfies(failure -> assertThat(Store.isDuplicate(failure)).isFalse());
    assertThatThrownBy(() -> await(write(RowChange.of("no sql"))))
        .hasCauseInstanceOf(SQLException.class)
        .satisfies(failure -> assertThat(Store.isDuplicate(failure)).isFalse());
  }

  // ---- many at once ----

  /** Holds up the writer at its next write, {@code insert(0, …)}, until let go. */
  private final class Held {
    private final Connection blocker;
    private final CompletableFuture<Void> first;

    Held() throws Exception {
      blocker = store().dataSource().getConnection();
      blocker.setAutoCommit(false);
      try (var lock = blocker.createStatement()) {
        lock.execute("update worker set name = 'held' where id = '" + new UUID(9, 0) + "'");
      }
      first = write(update(0, 2, "first"));
      takenOff();
    }

    /** Returns when the writer has taken the first write off its queue. */
    private void takenOff() throws Exception {
      var taken = new CountDownLatch(1);
      var watch =
          new Thread(
              () -> {
                while (opened.writer().waiting() > 0) {
                  Thread.onSpinWait();
                }
                taken.countDown();
              });
      watch.start();
      assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
    }

    void letGo() throws SQLException {
      blocker.rollback();
      blocker.close();
    }
  }

  @Test
  void refuses_what_is_too_much_and_takes_writes_again_afterwards() throws Exception {
    await(write(insert(0, "held")));
    var taken = new ArrayList<CompletableFuture<Void>>();
    var held = new Held();
    taken.add(held.first);
    for (int i = 1; i <= store().settings().queueMax(); i++) {
      taken.add(write(insert(i, "w" + i)));
    }
    assertThatThrownBy(() -> await(write(insert(99, "too much"))))
        .hasCauseInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("16 writes wait");
    assertThat(taken).noneMatch(CompletableFuture::isDone);
    held.letGo();

    taken.forEach(done -> await(done));
    await(write(insert(99, "later")));
    assertThat(names()).hasSize(store().settings().queueMax() + 2);
  }

  @Test
  void fails_only_the_writes_that_fail_of_those_that_share_a_commit() throws Exception {
    await(write(insert(0, "held")));
    CompletableFuture<Void> good;
    CompletableFuture<Void> stale;
    CompletableFuture<Void> taken;
    CompletableFuture<Void> last;
    var held = new Held();
    good = write(insert(1, "a"));
    stale = write(update(5, 3, "stale"));
    taken = write(insert(2, "first"));
    last = write(insert(3, "c"));
    held.letGo();

    await(good);
    await(last);
    assertThatThrownBy(() -> await(stale)).hasCauseInstanceOf(StaleRow.class);
    assertThatThrownBy(() -> await(taken)).isInstanceOf(CompletionException.class);
    assertThat(names()).containsExactly("first", "a", "c");
  }

  @Test
  void writes_what_waits_before_it_closes() throws Exception {
    await(write(insert(0, "held")));
    CompletableFuture<Void> waiting;
    var held = new Held();
    waiting = write(insert(1, "a"));
    held.letGo();
    opened.close();

    await(waiting);
    assertThatThrownBy(() -> await(write(insert(2, "b"))))
        .hasCauseInstanceOf(StoreUnavailable.class);
    opened = Store.open(settings());
    assertThat(names()).contains("a");
  }

  @Test
  void refuses_reads_beyond_its_bound() throws Exception {
    var goOn = new CountDownLatch(1);
    var settings = store().settings();
    var reads = new ArrayList<CompletableFuture<Boolean>>();
    for (int i = 0; i < settings.readersMax() + settings.readQueueMax(); i++) {
      reads.add(store().read(sql -> awaited(goOn)));
    }

    assertThatThrownBy(() -> await(store().read(sql -> true)))
        .hasCauseInstanceOf(StoreUnavailable.class);

    goOn.countDown();
    assertThat(reads).allSatisfy(read -> assertThat(await(read)).isTrue());
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void says_whether_it_failed_or_what_was_asked_of_it() throws Exception {
    assertThatThrownBy(() -> await(store().read(sql -> failing("40001"))))
        .hasCauseInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> await(store().write(sql -> failing("HYT00"))))
        .cause()
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("The store does not answer: as planned");
    assertThatThrownBy(() -> await(store().read(sql -> sql.execute("select 1/0"))))
        .hasCauseInstanceOf(DataAccessException.class);
  }

  private static Object failing(String sqlState) {
    throw new DataAccessException("planned", new SQLException("as planned\nat length", sqlState));
  }
}
