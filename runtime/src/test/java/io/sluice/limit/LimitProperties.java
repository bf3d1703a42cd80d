package io.sluice.limit;

import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.forced;
import static io.sluice.limit.Asks.handedOver;
import static io.sluice.limit.Asks.keepingPlace;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.loose;
import static io.sluice.limit.Asks.offered;
import static io.sluice.limit.Asks.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Configure;
import io.sluice.limit.LimitReply.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** What holds after every command, whatever came before. */
class LimitProperties {
  private static final int SLOTS = 3;
  private static final int ASKERS = 9;
  private static final List<UUID> OTHERS = List.of(new UUID(3, 4));
  private static final Set<Class<?>> SEEN = new HashSet<>();

  record Step(long afterMillis, String name, Function<Instant, LimitCommand> command) {
    @Override
    public String toString() {
      return "+" + afterMillis + "ms " + name;
    }
  }

  @Property(tries = 2000)
  @Label("never over-filled, nobody waits who fits, every lease has an end, tokens rise")
  void invariantsHold(@ForAll("steps") List<Step> steps, @ForAll("decays") double decay) {
    var owner = Asks.created(new LimitSettings("db", true, SLOTS, decay));
    var now = NOON;
    boolean forced = false;
    for (var step : steps) {
      now = now.plusMillis(step.afterMillis());
      var command = step.command().apply(now);
      forced |= command instanceof Acquire a && a.style() == LimitCommand.Style.FORCE;
      var decision = command.decide(owner, now);
      check(owner, decision, now, forced);
      owner = decision.after();
    }
  }

  private void check(LimitOwner before, Decision decision, Instant now, boolean forced) {
    var after = decision.after();
    decision.events().forEach(event -> SEEN.add(event.getClass()));
    assertThat(replayed(before.limit(), decision)).isEqualTo(after.limit());
    assertThat(after.deadlines().over(Instant.MAX))
        .as("whatever ends by itself has its time, whatever is forgotten none")
        .containsExactlyInAnyOrderElementsOf(
            after.limit().known().stream().filter(Lease::endsByItself).map(Lease::id).toList());
    checkLeft(before, decision);
    if (!after.limit().exists()) {
      assertThat(after.limit().leases().isEmpty()).isTrue();
      return;
    }
    int taken = after.occupied(now);
    assertThat(after.limit().activeSlots(now)).isNotNegative();
    if (!forced && after.limit().settings().active()) {
      assertThat(taken)
          .isLessThanOrEqualTo(Math.max(SLOTS, before.limit().exists() ? before.occupied(now) : 0));
    }
    after.line().head().ifPresent(head -> assertThat(after.fits(head.slots(), now)).isFalse());
    for (var lease : after.limit().leases().all()) {
      assertThat(lease.token()).isLessThanOrEqualTo(after.limit().lastToken());
    }
    assertThat(after.limit().lastToken()).isGreaterThanOrEqualTo(before.limit().lastToken());
    decision.woken().values().stream()
        .filter(Granted.class::isInstance)
        .map(Granted.class::cast)
        .filter(granted -> granted.token() > 0)
        .forEach(g -> assertThat(g.token()).isGreaterThan(before.limit().lastToken()));
  }

  /** What is left of a lease holds nothing, names others only, and is no second lease. */
  private void checkLeft(LimitOwner before, Decision decision) {
    var limit = decision.after().limit();
    var left = limit.tombstones().oldestFirst();
    assertThat(left)
        .allMatch(tombstone -> tombstone.lease().endsByItself())
        .allMatch(tombstone -> tombstone.renewable() || !tombstone.lease().companions().isEmpty())
        .allMatch(tombstone -> limit.leases().find(tombstone.lease().id()).isEmpty());
    for (var tombstone : left) {
      assertThat(before.limit().known(tombstone.lease().id())).isPresent();
    }
    if (before.limit().exists() && !limit.exists() && outlives(decision)) {
      assertThat(decision.after().limit().tombstones().oldestFirst())
          .filteredOn(Tombstone::renewable)
          .extracting(tombstone -> tombstone.lease().id())
          .containsAll(
              before.limit().leases().all().stream()
                  .filter(Lease::endsByItself)
                  .filter(lease -> !before.unconfirmed().containsKey(lease.id()))
                  .map(Lease::id)
                  .toList());
    }
  }

  private static boolean outlives(Decision decision) {
    return decision.events().stream().anyMatch(LimitEvent.Outlived.class::isInstance);
  }

  private static Limit replayed(Limit limit, Decision decision) {
    return new LimitEvent.Batch(decision.events()).applyTo(limit);
  }

  @Provide
  Arbitrary<Double> decays() {
    return Arbitraries.of(0.0, 0.0, 0.7, 5.0);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    var askers = Arbitraries.integers().between(1, ASKERS);
    var millis =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(6, 0L),
            net.jqwik.api.Tuple.of(3, 700L),
            net.jqwik.api.Tuple.of(1, 61_000L));
    return Combinators.combine(millis, askers, Arbitraries.integers().between(0, 18))
        .as(LimitProperties::step)
        .list()
        .ofMaxSize(40);
  }

  private static Step step(long millis, int n, int kind) {
    return switch (kind) {
      case 0, 1 -> new Step(millis, "park " + n, now -> ask(n, now).parked());
      case 2 ->
          new Step(millis, "park among others " + n, now -> with(OTHERS, ask(n, now)).parked());
      case 3 -> new Step(millis, "park two " + n, now -> ask(n, 2, now).parked());
      case 4 -> new Step(millis, "ask " + n, now -> ask(n, now));
      case 5 -> new Step(millis, "come back " + n, now -> keepingPlace(ask(n, now)));
      case 6 -> new Step(millis, "loose " + n, now -> loose(n, 1, now).parked());
      case 7 -> new Step(millis, "offer " + n, now -> offered(ask(n, now)).parked());
      case 8 -> new Step(millis, "confirm " + n, now -> new LimitCommand.Confirm(lease(n)));
      case 9 -> new Step(millis, "decline " + n, now -> new LimitCommand.Decline(lease(n)));
      case 10, 11 -> new Step(millis, "release " + n, now -> LimitCommand.Release.any(lease(n)));
      case 12 -> new Step(millis, "gone " + n, now -> new LimitCommand.Withdraw(lease(n), null));
      case 13 ->
          new Step(
              millis,
              "renew " + n,
              now -> new LimitCommand.Renew(lease(n), Asks.MINUTE.multipliedBy(1 + n % 2)));
      case 14 -> new Step(millis, "due", now -> new LimitCommand.Due());
      case 15 -> new Step(millis, "give back", now -> new LimitCommand.GiveBack(1, 0.5));
      case 16 -> rare(millis, n);
      case 17 -> new Step(millis, "hand over " + n, now -> handedOver(ask(n, now)).parked());
      default ->
          new Step(
              millis,
              "hold end " + n,
              now -> new LimitCommand.Withdraw(lease(n), Duration.ofSeconds(2)));
    };
  }

  private static Step rare(long millis, int n) {
    return switch (n) {
      case 1 -> new Step(millis, "override", now -> configure(2.0, 1));
      case 2 -> new Step(millis, "override to 0", now -> configure(0, 0));
      case 3 -> new Step(millis, "unbind", now -> new LimitCommand.Unbind(lease(1)));
      case 4 -> new Step(millis, "force", now -> forced(ask(8, now)));
      case 5 -> new Step(millis, "delete", now -> new LimitCommand.Delete());
      case 6 ->
          new Step(
              millis,
              "create",
              now ->
                  new LimitCommand.Create(
                      Asks.LIMIT_ID, LimitSettings.of("db", SLOTS), 0, List.of()));
      case 7 -> new Step(millis, "retain", now -> new LimitCommand.Retain(Set.of(lease(2)), now));
      case 8 -> new Step(millis, "delete all", now -> new LimitCommand.DeleteWithLeases());
      default -> new Step(millis, "reset", now -> new LimitCommand.Reset(List.of()));
    };
  }

  private static Configure configure(double decay, int active) {
    return new Configure(new LimitSettings("db", true, SLOTS, decay), active);
  }

  @AfterContainer
  static void everyKindOfEventWasSeen() {
    var kinds = new HashSet<>(List.of(LimitEvent.class.getPermittedSubclasses()));
    kinds.remove(LimitEvent.Batch.class);
    assertThat(SEEN).containsAll(kinds);
  }
}
