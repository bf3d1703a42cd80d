package io.sluice.limit;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.node.TestNode;
import io.sluice.rejection.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node remembers of limits may be changed by another one, here played by a directory. */
@DisplayName("A limit that is changed elsewhere")
class ElsewhereTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir static Path dir;
  private static TestNode node;
  private static int tests;

  private Limits limits;
  private LimitDirectory elsewhere;
  private LimitOwners owners;
  private String a;
  private String b;
  private UUID idOfA;

  @BeforeAll
  static void start() {
    node = TestNode.start(dir);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void twoLimitsThatAreRemembered() {
    limits = node.owners().limits();
    elsewhere = new LimitDirectory(node.node().store());
    owners = new LimitOwners(node.node().system(), node.node().clock(), () -> LimitMeter.NONE);
    a = "a" + ++tests;
    b = "b" + tests;
    idOfA = await(limits.create(LimitSettings.of(a, 1), 0)).id();
    await(limits.create(LimitSettings.of(b, 1), 0));
    release(acquire(a, b));
  }

  private Outcome acquire(String... names) {
    var request = SlotRequest.one(null, NOON);
    var lease = Duration.ofMinutes(5);
    var acquisition =
        await(limits.acquire(List.of(names), request, lease, false, null, IfBusy.FORGET));
    return await(acquisition.outcome());
  }

  private void release(Outcome outcome) {
    await(limits.release(((Outcome.Acquired) outcome).leaseId(UUID.randomUUID())));
  }

  private void delete() {
    await(elsewhere.remove(idOfA, a));
    await(owners.ask(idOfA, new LimitCommand.Delete()));
  }

  private UUID createAgain() {
    var id = UUID.randomUUID();
    await(elsewhere.add(id, a, NOON));
    await(owners.ask(id, new LimitCommand.Create(id, LimitSettings.of(a, 1), 0, List.of())));
    return id;
  }

  @Test
  void has_a_name_that_is_free_if_its_node_died_before_the_limit_came_into_being() {
    var name = "half" + tests;
    await(elsewhere.add(UUID.randomUUID(), name, NOON));

    var created = await(limits.create(LimitSettings.of(name, 3), 0));

    assertThat(await(limits.get(name))).isEqualTo(created);
    assertThatThrownBy(() -> await(limits.create(LimitSettings.of(name, 4), 0)))
        .hasCauseInstanceOf(Refused.class);
    assertThat(await(limits.get(name)).settings().slots()).isEqualTo(3);
  }

  @Test
  void holds_back_after_it_was_deleted_and_made_again() {
    delete();
    var id = createAgain();

    var first = (Outcome.Acquired) acquire(a);
    assertThat(first.held()).extracting(Claim::limit).containsExactly(id);
    assertThat(acquire(a)).isInstanceOf(Outcome.Waits.class);
    release(first);

    var both = (Outcome.Acquired) acquire(a, b);
    assertThat(both.held()).extracting(Claim::limit).hasSize(2).contains(id);
    assertThat(acquire(a)).isInstanceOf(Outcome.Waits.class);
    assertThat(acquire(b)).isInstanceOf(Outcome.Waits.class);
    release(both);
  }

  @Test
  void holds_back_among_others_after_it_was_deleted_and_made_again() {
    delete();
    var id = createAgain();

    var both = (Outcome.Acquired) acquire(b, a);

    assertThat(both.held()).extracting(Claim::limit).hasSize(2).contains(id);
    release(both);
    assertThat(await(limits.get(a)).activeSlots()).isZero();
  }

  @Test
  void holds_nobody_back_after_it_was_deleted() {
    delete();
    assertThat(((Outcome.Acquired) acquire(a)).held()).isEmpty();
    assertThatThrownBy(() -> await(limits.get(a))).hasCauseInstanceOf(Refused.class);
    assertThat(await(limits.giveBack(List.of(a), 1, null))).isEmpty();
  }

  @Test
  void is_not_taken_under_its_former_name() {
    var other = "other" + tests;
    await(elsewhere.rename(idOfA, a, other));
    await(owners.ask(idOfA, new LimitCommand.Configure(LimitSettings.of(other, 1), null)));

    assertThat(((Outcome.Acquired) acquire(a)).held()).isEmpty();
    assertThat(((Outcome.Acquired) acquire(a, b)).held()).hasSize(1);

    var view = await(limits.get(other));
    assertThat(view.id()).isEqualTo(idOfA);
    assertThat(view.leases()).isEmpty();
    assertThatThrownBy(() -> await(limits.get(a))).hasCauseInstanceOf(Refused.class);
    assertThat(await(limits.giveBack(List.of(a), 1, null))).isEmpty();
  }

  @Test
  void is_in_memory_after_a_start_so_that_its_leases_expire() {
    // More than are woken at once.
    var made =
        IntStream.range(0, 120)
            .mapToObj(n -> limits.create(LimitSettings.of("w" + tests + "-" + n, 1), 0))
            .toList();
    var keys = made.stream().map(view -> OwnerKey.of(await(view).id())).collect(Collectors.toSet());

    node.restart();

    node.eventually(() -> assertThat(keys).allMatch(ElsewhereTest::isInMemory));
  }

  /** Without waking it: by the path of its actor. */
  private static boolean isInMemory(String key) {
    var owner =
        Adapter.toClassic(node.node().system())
            .actorSelection("/system/sharding/" + LimitOwners.TYPE.name() + "/*/" + key);
    return owner
        .resolveOne(Duration.ofSeconds(1))
        .toCompletableFuture()
        .handle((found, absent) -> found != null)
        .join();
  }
}
