package io.sluice.limit;

import static io.sluice.limit.Asks.LIMIT_ID;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.View;
import io.sluice.node.SluiceConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.JournalOperation;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.ProcessingPolicy;
import org.apache.pekko.persistence.testkit.ProcessingResult;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.StorageFailure;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One owner of a limit on an in-memory journal, with clock and timers in the hands of the test. */
abstract class LimitActorFixture {
  static final int BATCH_MAX = 40;
  static final int SNAPSHOT_EVERY = 5;
  static final Duration IDLE_FOR = Duration.ofMinutes(2);
  static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  static ActorTestKit testKit;
  private static ManualTime time;
  private static PersistenceTestKit journal;

  // Of its own for each test, so that no test finds the snapshots of another.
  private final String key = OwnerKey.of(UUID.randomUUID());
  final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  final AtomicReference<Runnable> onWrite = new AtomicReference<>(() -> {});
  final AtomicBoolean sure = new AtomicBoolean(true);
  final AtomicInteger writesToFail = new AtomicInteger();
  TestProbe<ActorRef<LimitActor.Message>> passivated;
  TestProbe<LimitReply> asker;
  ActorRef<LimitActor.Message> owner;
  LimitMeter meter = LimitMeter.NONE;

  @BeforeAll
  static void startSystem() {
    testKit =
        ActorTestKit.create(
            "limits",
            ManualTime.config()
                .withFallback(PersistenceTestKitPlugin.config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(
                    SluiceConfig.over(ConfigFactory.parseString("pekko.actor.provider = local"))));
    time = ManualTime.get(testKit.system());
    journal = PersistenceTestKit.create(testKit.system());
  }

  @AfterAll
  static void stopSystem() {
    testKit.shutdownTestKit();
  }

  @BeforeEach
  void startOwner() {
    journal.clearAll();
    journal.withPolicy(new Watched());
    passivated = testKit.createTestProbe();
    asker = testKit.createTestProbe();
    start();
  }

  @AfterEach
  void stopOwner() {
    onWrite.set(() -> {});
    testKit.stop(owner, BOUND);
    journal.resetPolicy();
  }

  /** Lets tests look at, hold up and fail writes. Runs in the journal. */
  private final class Watched implements ProcessingPolicy<JournalOperation> {
    @Override
    public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
      if (operation instanceof WriteEvents) {
        onWrite.get().run();
        if (writesToFail.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          return StorageFailure.create();
        }
      }
      return ProcessingSuccess.getInstance();
    }
  }

  private void start() {
    var settings = new LimitActor.Settings(Asks.BOUNDS, BATCH_MAX, IDLE_FOR, SNAPSHOT_EVERY);
    owner =
        testKit.spawn(
            LimitActor.create(
                key, settings, now::get, sure::get, self -> passivated.getRef().tell(self), meter));
  }

  void restartUnasked() {
    testKit.stop(owner, BOUND);
    start();
  }

  void restart() {
    restartUnasked();
    // Answered once it has recovered.
    execute(new LimitCommand.Get());
  }

  void tell(LimitCommand command) {
    owner.tell(new LimitActor.Execute(command, asker.getRef()));
  }

  LimitReply execute(LimitCommand command) {
    tell(command);
    return asker.receiveMessage(BOUND);
  }

  void create(int slots) {
    var settings = LimitSettings.of("db", slots);
    assertThat(execute(new LimitCommand.Create(LIMIT_ID, settings, 0, List.of())))
        .isInstanceOf(Done.class);
  }

  View view() {
    return (View) execute(new LimitCommand.Get());
  }

  List<UUID> holders() {
    return view().leases().stream().map(held -> held.lease().id()).toList();
  }

  void pass(Duration duration) {
    now.updateAndGet(before -> before.plus(duration));
    time.timePasses(duration);
  }

  /**
   * Lets the back-off of an owner that failed go by until it answers again; leases get no older. In
   * steps, because askers hear of the failure before the owner has set the timer of its back-off.
   */
  void awaitOwnerIsBack() {
    tell(new LimitCommand.Get());
    asker.awaitAssert(
        BOUND,
        () -> {
          time.timePasses(BACK_OFF);
          return asker.expectMessageClass(View.class, Duration.ofMillis(20));
        });
  }

  List<LimitEvent> rows() {
    return journal.persistedInStorage("limit|" + key).stream().map(LimitEvent.class::cast).toList();
  }

  static Acquire parked(int n) {
    return ask(n, NOON.plusSeconds(n)).parked();
  }

  /** Whether a message has arrived so far. */
  static boolean heard(TestProbe<?> probe) {
    try {
      probe.expectNoMessage(Duration.ZERO);
      return false;
    } catch (AssertionError message) {
      return true;
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
