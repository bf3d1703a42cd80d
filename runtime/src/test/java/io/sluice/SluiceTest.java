package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Sluice in the process")
class SluiceTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

  @TempDir static Path data;
  static Sluice sluice;

  String limit;
  Changes changes;
  LimitListener.Registration registration;

  @BeforeAll
  static void start() {
    sluice = Sluice.embedded(data);
  }

  @AfterAll
  static void stop() {
    sluice.close();
  }

  /** Each test has a limit of two slots of its own, and is told of its changes. */
  @BeforeEach
  void define(TestInfo test) throws InterruptedException {
    limit = test.getTestMethod().orElseThrow().getName();
    sluice.define(LimitDefinition.of(limit, 2));
    changes = new Changes();
    registration = sluice.listen(limit, changes);
  }

  @AfterEach
  void stopListening() {
    registration.close();
  }

  private Lease lease() throws InterruptedException {
    return sluice.awaitLease(limit, LONG);
  }

  private CompletableFuture<Lease> waiting(LeaseRequest request) {
    return sluice.async().awaitLease(request, LONG).toCompletableFuture();
  }

  private LimitState state() throws InterruptedException {
    return sluice.find(limit).orElseThrow();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Nested
  class ALimit {
    @Test
    void defined_again_has_the_new_size_and_keeps_its_leases_and_its_switch() throws Exception {
      try (var held = lease()) {
        sluice.disable(limit);
        var again = sluice.define(new LimitDefinition(limit, 5, 0.5));
        assertThat(again.definition()).isEqualTo(new LimitDefinition(limit, 5, 0.5));
        assertThat(again.enabled()).isFalse();
        assertThat(again.held()).isEqualTo(1);
        assertThat(held.isHeld()).isTrue();
      }
    }

    @Test
    void is_found_by_its_name_until_it_is_deleted() throws Exception {
      assertThat(state().slots()).isEqualTo(2);
      assertThat(sluice.delete(limit)).isTrue();
      assertThat(sluice.delete(limit)).isFalse();
      assertThat(sluice.find(limit)).isEmpty();
      assertThat(changes.await(change -> !change.exists()).limit()).isEqualTo(limit);
    }

    @Test
    void made_larger_lets_those_in_line_have_the_new_slots() throws Exception {
      try (var first = lease();
          var second = lease()) {
        var third = waiting(LeaseRequest.of(limit));
        changes.awaitWaiting(1);
        assertThat(sluice.resize(limit, 3).slots()).isEqualTo(3);
        try (var granted = get(third)) {
          assertThat(granted.isHeld()).isTrue();
          assertThat(granted.fencingToken()).isGreaterThan(second.fencingToken());
          assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        }
      }
    }

    @Test
    void made_smaller_takes_nothing_away_and_grants_when_enough_came_back() throws Exception {
      var first = lease();
      try (var second = lease()) {
        assertThat(sluice.resize(limit, 1).held()).isEqualTo(2);
        assertThat(second.isHeld()).isTrue();
        first.close();
        assertThat(sluice.tryLease(limit)).isEmpty();
      }
      sluice.tryLease(limit).orElseThrow().close();
    }

    @Test
    void disabled_lets_all_pass_and_takes_no_slots() throws Exception {
      try (var first = lease();
          var second = lease()) {
        assertThat(first.isHeld() && second.isHeld()).isTrue();
        var third = waiting(LeaseRequest.of(limit));
        changes.awaitWaiting(1);
        sluice.disable(limit);
        try (var passed = get(third)) {
          assertThat(passed.isHeld()).isTrue();
          assertThat(passed.fencingToken()).isZero();
          assertThat(state().held()).isEqualTo(2);
        }
        sluice.enable(limit);
        assertThat(sluice.tryLease(limit)).isEmpty();
      }
    }

    @Test
    void that_does_not_exist_is_named() {
      assertThatThrownBy(() -> sluice.awaitLease("nowhere", LONG))
          .isInstanceOf(SluiceException.NoSuchLimit.class)
          .hasMessageContainingAll("'nowhere'", "Sluice.define");
      assertThatThrownBy(() -> sluice.resize("nowhere", 1))
          .isInstanceOf(SluiceException.NoSuchLimit.class);
      assertThatThrownBy(() -> sluice.listen("nowhere", changes))
          .isInstanceOf(SluiceException.NoSuchLimit.class);
    }

    @Test
    void tells_its_listeners_what_is_held_and_who_waits() throws Exception {
      changes.await(change -> change.held() == 0 && change.slots() == 2 && change.enabled());
      var first = lease();
      changes.await(change -> change.held() == 1);
      sluice.resize(limit, 1);
      changes.await(change -> change.slots() == 1);
      var second = waiting(LeaseRequest.of(limit));
      changes.awaitWaiting(1);
      first.close();
      changes.await(change -> change.held() == 1 && change.waiting() == 0);
      get(second).close();
      changes.await(change -> change.held() == 0);
    }
  }

  @Nested
  class AWait {
    @Test
    void that_is_too_long_says_who_holds_the_slots_and_leaves_the_line() throws Exception {
      try (var one = sluice.awaitLease(LeaseRequest.of(limit).heldBy("invoice 7"), LONG);
          var two = sluice.awaitLease(LeaseRequest.of(limit).heldBy("invoice 8"), LONG)) {
        assertThat(one.isHeld() && two.isHeld()).isTrue();
        var late =
            catchThrowableOfType(
                SluiceException.NotInTime.class, () -> sluice.awaitLease(limit, SHORT));
        assertThat(late)
            .hasMessageContainingAll(
                "did not come free within 0.1 s", "2 of 2 slots taken", "invoice 7 has 1 for ")
            .hasMessageEndingWith(late.next());
        assertThat(late.limits().get(0).holders()).hasSize(2);
        assertThat(state().waiting()).isZero();
      }
    }

    @Test
    void that_is_interrupted_leaves_the_line() throws Exception {
      try (var one = sluice.awaitLease(LeaseRequest.of(limit).withSlots(2), LONG)) {
        assertThat(one.isHeld()).isTrue();
        var outcome = new CompletableFuture<Throwable>();
        var waiter =
            new Thread(
                () -> {
                  try (var unwanted = lease()) {
                    outcome.complete(new AssertionError("granted: " + unwanted));
                  } catch (InterruptedException | RuntimeException ended) {
                    outcome.complete(ended);
                  }
                });
        waiter.start();
        changes.awaitWaiting(1);
        waiter.interrupt();
        assertThat(get(outcome)).isInstanceOf(InterruptedException.class);
        changes.awaitWaiting(0);
      }
    }

    @Test
    void of_an_interrupted_thread_asks_for_nothing() throws Exception {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> lease()).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      assertThat(state().held()).isZero();
    }

    @Test
    void whose_stage_is_cancelled_leaves_the_line() throws Exception {
      try (var all = sluice.awaitLease(LeaseRequest.of(limit).withSlots(2), LONG)) {
        assertThat(all.isHeld()).isTrue();
        var cancelled = waiting(LeaseRequest.of(limit));
        changes.awaitWaiting(1);
        assertThat(cancelled.cancel(true)).isTrue();
        changes.awaitWaiting(0);
      }
      changes.await(change -> change.held() == 0);
    }

    @Test
    void ends_in_the_order_of_priority_then_age() throws Exception {
      var all = sluice.awaitLease(LeaseRequest.of(limit).withSlots(2), LONG);
      var order = new ArrayList<CompletableFuture<Lease>>();
      for (int priority : new int[] {1, 1, 0}) {
        order.add(waiting(LeaseRequest.of(limit).withSlots(2).withPriority(priority)));
        changes.awaitWaiting(order.size());
      }
      all.close();
      var urgent = get(order.get(2));
      assertThat(order.get(0)).isNotDone();
      urgent.close();
      var older = get(order.get(0));
      assertThat(order.get(1)).isNotDone();
      older.close();
      get(order.get(1)).close();
    }

    @Test
    void of_many_who_give_up_at_random_leaves_neither_slots_nor_places() throws Exception {
      var threads = Executors.newFixedThreadPool(8);
      var granted = new AtomicInteger();
      var late = new AtomicInteger();
      try {
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < 400; i++) {
          var atMost = Duration.ofNanos(i % 40 * 250_000L);
          all.add(
              threads.submit(
                  () -> {
                    try (var lease = sluice.awaitLease(limit, atMost)) {
                      assertThat(lease.isHeld()).isTrue();
                      granted.incrementAndGet();
                    } catch (SluiceException.NotInTime tooLate) {
                      late.incrementAndGet();
                    }
                    return null;
                  }));
        }
        for (var one : all) {
          get(one);
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(granted.get() + late.get()).isEqualTo(400);
      assertThat(granted).as("some were granted").hasPositiveValue();
      assertThat(late).as("some were late").hasPositiveValue();
      assertThat(state().waiting()).isZero();
      assertAllCanBeTaken(limit);
    }

    /** A slot that nobody knows of would be held for the 60 s of its lease. */
    private void assertAllCanBeTaken(String... limits) throws InterruptedException {
      var both = LeaseRequest.of(limits).withSlots(2);
      try (var all = sluice.awaitLease(both, Duration.ofSeconds(30))) {
        assertThat(all.isHeld()).isTrue();
      }
    }

    @Test
    void of_many_who_are_cancelled_at_random_leaves_neither_slots_nor_places() throws Exception {
      var other = limit + "-2";
      sluice.define(LimitDefinition.of(other, 2));
      var all = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < 1000; i++) {
        var stage = waiting(i % 2 == 0 ? LeaseRequest.of(limit) : LeaseRequest.of(limit, other));
        all.add(
            stage
                .orTimeout(i % 50 * 200L, TimeUnit.MICROSECONDS)
                .thenAccept(Lease::close)
                .exceptionally(late -> null));
      }
      for (var one : all) {
        get(one);
      }
      assertAllCanBeTaken(limit, other);
    }

    @Test
    void for_more_than_there_are_is_refused() {
      assertThatThrownBy(() -> sluice.awaitLease(LeaseRequest.of(limit).withSlots(3), LONG))
          .isInstanceOf(SluiceException.Refused.class)
          .hasMessageContaining("has 2 slots, 3 were asked for");
    }

    @Test
    void ends_when_the_limit_is_deleted() throws Exception {
      var all = sluice.awaitLease(LeaseRequest.of(limit).withSlots(2), LONG);
      var orphan = waiting(LeaseRequest.of(limit));
      changes.awaitWaiting(1);
      sluice.delete(limit);
      assertThatThrownBy(() -> get(orphan))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SluiceException.NoSuchLimit.class);
      all.close();
    }
  }

  @Nested
  class ALease {
    @Test
    void is_given_back_once_however_often_it_is_closed() throws Exception {
      var first = lease();
      try (var second = lease()) {
        first.close();
        first.close();
        assertThat(first.isHeld()).isFalse();
        assertThat(second.isHeld()).isTrue();
        assertThat(state().held()).isEqualTo(1);
      }
    }

    @Test
    void outlives_its_duration_because_it_is_renewed() throws Exception {
      var duration = SHORTEST_LEASE.multipliedBy(2);
      var request = LeaseRequest.of(limit).withSlots(2).withDuration(duration);
      try (var held = sluice.awaitLease(request, LONG)) {
        var twice = duration.multipliedBy(2);
        assertThatThrownBy(() -> sluice.awaitLease(limit, twice))
            .isInstanceOf(SluiceException.NotInTime.class);
        assertThat(held.isHeld()).isTrue();
      }
    }

    @Test
    void whose_limit_is_deleted_is_lost_and_tells_its_listener() throws Exception {
      var lost = new CompletableFuture<LeaseLoss>();
      var request =
          LeaseRequest.of(limit)
              .withDuration(SHORTEST_LEASE)
              .withListener((lease, why) -> lost.complete(why));
      var lease = sluice.awaitLease(request, LONG);
      sluice.delete(limit);
      assertThat(get(lost)).isEqualTo(LeaseLoss.GONE);
      assertThat(lease.isHeld()).isFalse();
      lease.close();
    }

    @Test
    void of_several_limits_holds_all_or_none_and_none_while_it_waits() throws Exception {
      var other = limit + "-2";
      sluice.define(LimitDefinition.of(other, 1));
      var blocking = sluice.awaitLease(other, LONG);
      var both = waiting(LeaseRequest.of(limit, other));
      var watch = new Changes();
      try (var told = sluice.listen(other, watch)) {
        assertThat(told).isNotNull();
        watch.awaitWaiting(1);
      }
      assertThat(state().held()).isZero();
      blocking.close();
      try (var held = get(both)) {
        assertThat(state().held()).isEqualTo(1);
        assertThat(held.fencingToken(other)).isGreaterThan(blocking.fencingToken());
        assertThat(held.fencingToken(limit)).isPositive();
        assertThatThrownBy(held::fencingToken).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> held.fencingToken("x"))
            .isInstanceOf(IllegalArgumentException.class);
      }
      changes.await(change -> change.held() == 0);
    }

    @Test
    void needs_no_thread_of_its_own() throws Exception {
      sluice.define(LimitDefinition.of(limit, 500));
      var all = new ArrayList<CompletableFuture<Lease>>();
      for (int i = 0; i < 500; i++) {
        all.add(waiting(LeaseRequest.of(limit).withDuration(SHORTEST_LEASE)));
      }
      for (var one : all) {
        assertThat(get(one)).isNotNull();
      }
      var ours =
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.matches("sluice-(timer|answer|lease|limit)-.*"))
              .toList();
      assertThat(ours).hasSizeBetween(1, 7);
      for (var one : all) {
        one.join().close();
      }
      changes.await(change -> change.held() == 0);
    }
  }

  @Nested
  class ARate {
    @Test
    void lets_a_burst_pass_then_one_at_a_time() throws Exception {
      sluice.define(LimitDefinition.rate(limit, 2, 4));
      long began = System.nanoTime();
      assertThat(sluice.tryRate(limit, 2)).isTrue();
      sluice.awaitRate(limit, LONG);
      sluice.awaitRate(limit, LONG);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(450));
    }

    @Test
    void that_is_used_up_says_so() throws Exception {
      sluice.define(LimitDefinition.rate(limit, 1, 0.001));
      assertThat(sluice.tryRate(limit, 1)).isTrue();
      assertThat(sluice.tryRate(limit, 1)).isFalse();
      assertThatThrownBy(() -> sluice.awaitRate(limit, SHORT))
          .isInstanceOf(SluiceException.NotInTime.class)
          .hasMessageContainingAll("1 of 1 slots taken", "Sluice.define");
      assertThat(state().waiting()).isZero();
    }

    @Test
    void needs_a_limit_that_refills() {
      assertThatThrownBy(() -> sluice.awaitRate(limit, LONG))
          .isInstanceOf(SluiceException.Refused.class)
          .hasMessageContaining(limit);
    }
  }
}
