package io.sluice.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import com.typesafe.config.ConfigFactory;
import io.sluice.node.SluiceConfig;
import io.sluice.store.RowChange;
import io.sluice.store.RowTable;
import io.sluice.store.Store;
import io.sluice.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An owner of a row")
class RowOwnerTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final int WAITING_MAX = 5;

  @TempDir static Path dir;
  private static ActorTestKit testKit;
  private static Store store;
  private static RowTable rows;

  private final UUID id = UUID.randomUUID();
  private final CompletableFuture<Void> goOn = new CompletableFuture<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile Runnable beforeCreation = () -> {};
  private TestProbe<String> asker;
  private TestProbe<ActorRef<RowOwner.Message>> passivated;
  private TestProbe<RowOwner.Message> passedOn;
  private ActorRef<RowOwner.Message> owner;

  @BeforeAll
  static void open() {
    testKit =
        ActorTestKit.create(
            "owners", SluiceConfig.over(ConfigFactory.parseString("pekko.actor.provider=local")));
    store = Store.open(Stores.h2(dir));
    rows =
        new RowTable(
            store.sql(),
            table(name("worker")),
            List.of(
                field(name("created"), Instant.class),
                field(name("updated"), Instant.class),
                field(name("work_pool_id"), UUID.class),
                field(name("name"), String.class),
                field(name("last_heartbeat_time"), Instant.class),
                field(name("heartbeat_interval_seconds"), Integer.class)));
  }

  @AfterAll
  static void close() {
    testKit.shutdownTestKit();
    store.close();
  }

  @BeforeEach
  void row() {
    asker = testKit.createTestProbe();
    passivated = testKit.createTestProbe();
    passedOn = testKit.createTestProbe();
    store.writer().write(List.of(rows.insert(id, 1, values(0)))).join();
    owner = spawn(Duration.ofMinutes(5));
  }

  private List<Object> values(int count) {
    return List.of(NOON, NOON, id, "w", NOON, count);
  }

  private record Count(long version, int count) {}

  private record Ask(String command, UUID request, ActorRef<String> replyTo)
      implements RowOwner.Ask<String, String> {
    Ask(String command, ActorRef<String> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /**
   * Counts in a row: "add", "delete", "wait" until told to go on, "peek" that overtakes, and, if
   * there is no row, "create" or "misfit", which the store does not take.
   */
  private final class Counter extends RowOwner<String, String, Count> {
    Counter(Settings settings, ActorContext<Message> context) {
      super(settings, context);
    }

    @Override
    protected CompletableFuture<Count> read() {
      reads.incrementAndGet();
      return store.read(
          sql ->
              sql.select(
                      field("version", Long.class),
                      field("heartbeat_interval_seconds", Integer.class))
                  .from("worker")
                  .where(field("id", UUID.class).eq(id))
                  .fetchOne(row -> new Count(row.value1(), row.value2())));
    }

    @Override
    protected boolean answerAtOnce(String command, ActorRef<String> replyTo) {
      if (command.equals("peek")) {
        replyTo.tell(told());
        return true;
      }
      return false;
    }

    @Override
    protected boolean creates(String command) {
      return command.equals("create") || command.equals("misfit");
    }

    private String told() {
      return state() == null ? "none" : String.valueOf(state().count());
    }

    @Override
    protected void perform(String command, ActorRef<String> replyTo) {
      if (command.equals("add")) {
        var after = new Count(state().version() + 1, state().count() + 1);
        write(
            List.of(rows.update(id, after.version(), values(after.count()))),
            after,
            () -> end(replyTo, told()),
            failure -> end(replyTo, unavailable(failure.getClass().getSimpleName())));
      } else if (creates(command) && state() != null) {
        end(replyTo, "there is one: " + told());
      } else if (creates(command)) {
        beforeCreation.run();
        write(
            List.of(
                command.equals("create")
                    ? rows.insert(id, 1, values(7))
                    : RowChange.of("INSERT INTO nowhere (id) VALUES (?)", id)),
            new Count(1, 7),
            () -> end(replyTo, told()),
            failure -> end(replyTo, unavailable("not written")));
      } else if (command.equals("delete")) {
        write(
            List.of(rows.delete(id, state().version())),
            null,
            () -> end(replyTo, told()),
            failure -> end(replyTo, unavailable(failure.getClass().getSimpleName())));
      } else {
        when(goOn, done -> end(replyTo, "waited"), failure -> end(replyTo, "failed"));
      }
    }

    private void end(ActorRef<String> replyTo, String reply) {
      replyTo.tell(reply);
      done();
    }

    @Override
    protected String unavailable(String why) {
      return "unavailable: " + why;
    }
  }

  private ActorRef<RowOwner.Message> spawn(Duration idleFor) {
    var settings =
        new RowOwner.Settings(
            store,
            WAITING_MAX,
            idleFor,
            self -> passivated.getRef().tell(self),
            asked -> passedOn.getRef().tell(asked));
    return testKit.spawn(Behaviors.setup(context -> new Counter(settings, context)));
  }

  private void tell(String command) {
    owner.tell(new Ask(command, asker.getRef()));
  }

  private String ask(String command) {
    tell(command);
    return asker.receiveMessage(BOUND);
  }

  private int stored() {
    return store
        .sql()
        .select(field("heartbeat_interval_seconds", Integer.class))
        .from("worker")
        .where(field("id", UUID.class).eq(id))
        .fetchOne(0, Integer.class);
  }

  @Test
  void reads_its_row_before_it_answers() {
    assertThat(ask("peek")).isEqualTo("0");
  }

  @Test
  void creates_without_a_look_for_an_old_row() {
    store.writer().write(List.of(rows.delete(id, 1))).join();

    tell("create");
    tell("add");

    assertThat(asker.receiveMessage(BOUND)).isEqualTo("7");
    assertThat(asker.receiveMessage(BOUND)).isEqualTo("8");
    assertThat(stored()).isEqualTo(8);
    assertThat(reads).hasValue(0);
  }

  @Test
  void finds_the_row_that_is_there_when_it_creates_it_a_second_time() {
    tell("create");
    tell("add");

    assertThat(asker.receiveMessage(BOUND)).isEqualTo("there is one: 0");
    assertThat(asker.receiveMessage(BOUND)).isEqualTo("1");
    assertThat(reads).hasValue(1);
  }

  @Test
  void reads_its_row_when_it_could_not_create_it() {
    tell("misfit");
    tell("peek");

    assertThat(asker.receiveMessage(BOUND)).isEqualTo("unavailable: not written");
    assertThat(asker.receiveMessage(BOUND)).isEqualTo("0");
    assertThat(reads).hasValue(1);
  }

  @Test
  void passes_on_what_it_could_not_create_when_it_stops() {
    beforeCreation = () -> owner.tell(RowOwner.Stop.STOP);
    tell("create");

    assertThat(passedOn.receiveMessage(BOUND)).extracting("command").isEqualTo("create");
    asker.expectTerminated(owner, BOUND);
    assertThat(stored()).isZero();
  }

  @Test
  void answers_a_change_once_it_is_stored() {
    assertThat(ask("add")).isEqualTo("1");
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void makes_one_change_at_a_time() {
    for (int n = 0; n < WAITING_MAX; n++) {
      tell("add");
    }
    for (int n = 1; n <= WAITING_MAX; n++) {
      assertThat(asker.receiveMessage(BOUND)).isEqualTo(String.valueOf(n));
    }
  }

  @Test
  void refuses_a_change_of_a_row_that_another_owner_changed_and_reads_it_again() {
    ask("peek");
    store.writer().write(List.of(rows.update(id, 2, values(40)))).join();

    assertThat(ask("add")).isEqualTo("unavailable: StaleRow");

    assertThat(stored()).isEqualTo(40);
    assertThat(ask("add")).isEqualTo("41");
    assertThat(stored()).isEqualTo(41);
  }

  @Test
  void deletes_nothing_that_another_owner_changed() {
    ask("peek");
    store.writer().write(List.of(rows.update(id, 2, values(40)))).join();

    assertThat(ask("delete")).isEqualTo("unavailable: StaleRow");

    assertThat(stored()).isEqualTo(40);
    assertThat(ask("delete")).isEqualTo("none");
  }

  @Test
  void lets_no_more_wait_than_it_may() {
    ask("peek");
    tell("wait");
    for (int n = 0; n < WAITING_MAX; n++) {
      tell("add");
    }
    assertThat(ask("add")).isEqualTo("unavailable: 5 requests wait for it already");
    assertThat(ask("peek")).as("overtakes").isEqualTo("0");

    goOn.complete(null);

    assertThat(asker.receiveMessage(BOUND)).isEqualTo("waited");
    for (int n = 1; n <= WAITING_MAX; n++) {
      assertThat(asker.receiveMessage(BOUND)).isEqualTo(String.valueOf(n));
    }
  }

  @Test
  void ends_what_it_is_at_before_it_stops_and_passes_the_rest_on_to_the_next_owner() {
    ask("peek");
    tell("wait");
    var before = new Ask("add", asker.getRef());
    owner.tell(before);
    ask("peek");

    owner.tell(RowOwner.Stop.STOP);
    var after = new Ask("get", asker.getRef());
    owner.tell(after);

    assertThat(passedOn.receiveMessage(BOUND)).isEqualTo(before);
    assertThat(passedOn.receiveMessage(BOUND)).isEqualTo(after);
    goOn.complete(null);
    assertThat(asker.receiveMessage(BOUND)).isEqualTo("waited");
    asker.expectTerminated(owner, BOUND);
    assertThat(stored()).isZero();
  }

  @Test
  void leaves_memory_when_nobody_asks() {
    owner = spawn(Duration.ofMillis(50));
    ask("peek");
    assertThat(passivated.receiveMessage(BOUND)).isEqualTo(owner);
  }

  @Test
  void stays_in_memory_while_it_is_at_work() {
    owner = spawn(Duration.ofMillis(50));
    ask("peek");
    assertThat(passivated.receiveMessage(BOUND)).isEqualTo(owner);
    tell("wait");
    ask("peek");
    // What was under way when it became busy has arrived by now.
    passivated.expectNoMessage(Duration.ofMillis(500));

    goOn.complete(null);

    assertThat(asker.receiveMessage(BOUND)).isEqualTo("waited");
    assertThat(passivated.receiveMessage(BOUND)).isEqualTo(owner);
  }
}
