package io.sluice.limit;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.node.TestNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A request for slots of several limits")
class AcquisitionTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final int THREADS = 24;
  private static final int ROUNDS = 15;

  @TempDir static Path dir;
  private static TestNode node;
  private static int tests;

  private Limits limits;
  private String a;
  private String b;

  @BeforeAll
  static void start() {
    node = TestNode.start(dir);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void twoLimits() {
    limits = node.owners().limits();
    a = "a" + ++tests;
    b = "b" + tests;
    create(a, 1);
    create(b, 1);
  }

  private void create(String name, int slots) {
    await(limits.create(LimitSettings.of(name, slots), 0));
  }

  private Acquisition ask(Collection<String> names, int age, IfBusy ifBusy) {
    var request = SlotRequest.one(Holder.taskRun(UUID.randomUUID()), NOON.minusSeconds(age));
    return await(limits.acquire(names, request, LEASE, false, null, ifBusy));
  }

  private Outcome outcome(Collection<String> names, IfBusy ifBusy) {
    return await(ask(names, 0, ifBusy).outcome());
  }

  private Outcome.Acquired acquired(String... names) {
    return (Outcome.Acquired) outcome(List.of(names), IfBusy.FORGET);
  }

  private void release(Outcome outcome) {
    await(limits.release(((Outcome.Acquired) outcome).leaseId(UUID.randomUUID())));
  }

  private LimitReply.View view(String name) {
    return await(limits.get(name));
  }

  /** Nobody holds a slot of it and nobody waits. */
  private void assertUnused(String name) {
    var view = view(name);
    assertThat(view.activeSlots()).as(name).isZero();
    assertThat(view.leases()).as(name).isEmpty();
    assertThat(view.waiting()).as(name).isZero();
  }

  private void waitsSomewhere() {
    node.eventually(() -> assertThat(view(a).waiting() + view(b).waiting()).isEqualTo(1));
  }

  @Test
  void gets_all_under_one_lease_and_gives_all_back_with_it() {
    var outcome = acquired(a, b);
    assertThat(outcome.held())
        .hasSize(2)
        .extracting(Claim::leaseId)
        .containsOnly(outcome.held().get(0).leaseId());
    assertThat(List.of(view(a).activeSlots(), view(b).activeSlots())).containsExactly(1, 1);

    release(outcome);

    assertUnused(a);
    assertUnused(b);
  }

  @Test
  void gets_none_when_one_is_full() {
    for (var full : List.of(a, b)) {
      var holder = acquired(full);

      assertThat(outcome(List.of(a, b), IfBusy.FORGET)).isInstanceOf(Outcome.Waits.class);

      var other = full.equals(a) ? b : a;
      node.eventually(() -> assertUnused(other));
      release(acquired(other));
      release(holder);
    }
  }

  @Test
  void holds_nothing_while_it_waits_and_gets_all_when_its_turn_comes() {
    var holder = acquired(b);
    var waiter = ask(List.of(a, b), 0, IfBusy.PARK);
    waitsSomewhere();

    release(acquired(a));
    assertThat(waiter.outcome()).isNotDone();
    release(holder);

    var outcome = await(waiter.outcome());
    assertThat(((Outcome.Acquired) outcome).held()).hasSize(2);
    release(outcome);
  }

  @Test
  void does_not_stop_a_younger_request_for_the_limit_that_is_free() {
    var holderOfA = acquired(a);
    var holderOfB = acquired(b);
    var older = ask(List.of(a, b), 60, IfBusy.PARK);
    waitsSomewhere();
    var younger = ask(List.of(a), 0, IfBusy.PARK);

    release(holderOfA);

    release(await(younger.outcome()));
    assertThat(older.outcome()).isNotDone();
    release(holderOfB);
    release(await(older.outcome()));
  }

  @Test
  void goes_before_a_younger_request_for_the_same() {
    var holder = acquired(a, b);
    var older = ask(List.of(a, b), 60, IfBusy.PARK);
    waitsSomewhere();
    var younger = ask(List.of(a, b), 0, IfBusy.PARK);
    node.eventually(() -> assertThat(view(a).waiting() + view(b).waiting()).isEqualTo(2));

    release(holder);

    var first = await(older.outcome());
    assertThat(younger.outcome()).isNotDone();
    release(first);
    release(await(younger.outcome()));
  }

  @Test
  void leaves_nothing_behind_when_its_asker_is_gone() {
    var holder = acquired(b);
    var waiter = ask(List.of(a, b), 0, IfBusy.PARK);
    waitsSomewhere();

    waiter.withdraw(null);

    assertThat(await(waiter.outcome())).isInstanceOf(Outcome.Waits.class);
    release(holder);
    node.eventually(
        () -> {
          assertUnused(a);
          assertUnused(b);
        });
  }

  private List<Claim> claims(UUID lease) {
    return List.of(a, b).stream()
        .map(name -> view(name).id())
        .map(limit -> Claim.untilReleased(limit, OwnerKey.leaseOf(limit, lease)))
        .toList();
  }

  private Outcome outcome(List<Claim> claims, IfBusy ifBusy) {
    return await(limits.acquire(claims, SlotRequest.one(null, NOON), ifBusy).outcome());
  }

  /**
   * A node that dies after a grant and before it is used leaves the lease; its asker asks again.
   */
  @Test
  void has_what_an_attempt_that_was_cut_off_has_got_already() {
    var claims = claims(new UUID(1, 1));
    outcome(claims, IfBusy.FORGET);

    assertThat(outcome(claims, IfBusy.FORGET))
        .isInstanceOfSatisfying(
            Outcome.Acquired.class, again -> assertThat(again.held()).hasSameElementsAs(claims));
    assertThat(List.of(view(a).activeSlots(), view(b).activeSlots())).containsExactly(1, 1);
  }

  @Test
  void gets_the_rest_when_an_attempt_was_cut_off_half_way() {
    var claims = claims(new UUID(1, 2));
    outcome(claims.subList(0, 1), IfBusy.FORGET);

    assertThat(outcome(claims, IfBusy.FORGET)).isInstanceOf(Outcome.Acquired.class);
    assertThat(List.of(view(a).activeSlots(), view(b).activeSlots())).containsExactly(1, 1);
  }

  @Test
  void gives_back_what_an_attempt_left_before_it_waits() {
    var claims = claims(new UUID(1, 3));
    outcome(claims.subList(0, 1), IfBusy.FORGET);
    acquired(b);

    assertThat(outcome(claims, IfBusy.FORGET)).isInstanceOf(Outcome.Waits.class);
    node.eventually(() -> assertUnused(a));
  }

  @Test
  void is_not_held_back_by_limits_that_are_inactive_or_missing() {
    await(limits.change(view(a).id(), was -> was.withActive(false), null));

    var outcome = acquired(a, b, "missing" + tests);

    assertThat(outcome.held()).hasSize(1);
    assertThat(outcome.limits()).hasSize(2);
    release(outcome);
    assertUnused(b);
  }

  @Test
  void is_refused_as_a_whole_when_it_wants_more_than_a_limit_has() {
    create("big" + tests, 9);
    var two = new SlotRequest(2, false, null, NOON, 0);
    var refused =
        await(limits.acquire(List.of(a, "big" + tests), two, LEASE, false, null, IfBusy.PARK));

    assertThatThrownBy(() -> await(refused.outcome()))
        .cause()
        .isInstanceOf(Refused.class)
        .satisfies(
            f -> assertThat(((Refused) f).why()).isInstanceOf(Rejection.MoreThanLimit.class));
    node.eventually(() -> assertUnused("big" + tests));
  }

  @Test
  void never_over_fills_nor_deadlocks_nor_leaks_among_many() throws Exception {
    var slots = Map.of("s1", 1, "s2", 2, "s3", 1, "s4", 3);
    slots.forEach(this::create);
    var used = new ConcurrentHashMap<String, AtomicInteger>();
    slots.keySet().forEach(name -> used.put(name, new AtomicInteger()));
    var threads = Executors.newFixedThreadPool(THREADS);
    try {
      var work = new ArrayList<Callable<Integer>>();
      for (int thread = 0; thread < THREADS; thread++) {
        var random = new Random(thread);
        work.add(() -> contend(random, List.copyOf(new TreeSet<>(slots.keySet())), slots, used));
      }
      int got = 0;
      for (var done : threads.invokeAll(work, 120, TimeUnit.SECONDS)) {
        assertThat(done.isCancelled()).as("stuck").isFalse();
        got += done.get();
      }
      assertThat(got).isEqualTo(THREADS * ROUNDS * 2 / 3);
    } finally {
      threads.shutdownNow();
    }
    node.eventually(() -> slots.keySet().forEach(this::assertUnused));
  }

  /** Whoever is gone hears that nothing was taken for it, or the outcome that came first. */
  private void awaitTheEnd(Acquisition acquisition) {
    var end = acquisition.outcome().handle((outcome, failure) -> failure);
    assertThat(await(end))
        .satisfiesAnyOf(
            failure -> assertThat(failure).isNull(),
            failure -> assertThat(failure).isInstanceOf(CancellationException.class));
  }

  /** Two of three times takes what it asked for, the third time it is gone at once. */
  private int contend(
      Random random,
      List<String> names,
      Map<String, Integer> slots,
      Map<String, AtomicInteger> used) {
    int got = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var wanted = new TreeSet<String>();
      for (int n = random.nextInt(3) + 1; n > 0; n--) {
        wanted.add(names.get(random.nextInt(names.size())));
      }
      var acquisition = ask(wanted, random.nextInt(60), IfBusy.PARK);
      if (round % 3 == 2) {
        acquisition.withdraw(null);
        awaitTheEnd(acquisition);
        continue;
      }
      var outcome = await(acquisition.outcome());
      assertThat(outcome).isInstanceOf(Outcome.Acquired.class);
      for (var name : wanted) {
        assertThat(used.get(name).incrementAndGet()).isLessThanOrEqualTo(slots.get(name));
      }
      wanted.forEach(name -> used.get(name).decrementAndGet());
      release(outcome);
      got++;
    }
    return got;
  }
}
