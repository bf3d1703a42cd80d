package io.sluice.limit;

import io.sluice.history.SlotEntry;
import io.sluice.history.SlotJudge;
import io.sluice.simulation.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Sees every row at the moment at which it is written, and everything that holders are told, and
 * ends the world when one does not fit the other.
 */
final class SlotOracle {
  private record Grant(String limit, UUID lease, long token) {}

  /** An owner counts from when it takes a request up, which may have waited for its recovery. */
  private static final Duration TAKEN_UP_AFTER = Duration.ofSeconds(1);

  private final World world;
  private final Map<String, Limit> written = new HashMap<>();
  private final Map<Grant, Long> grants = new HashMap<>();
  private final Map<String, Integer> slots;
  private final SlotJudge judge;
  private final Set<UUID> expired = new HashSet<>();
  private final Map<UUID, Long> lastsUntil = new HashMap<>();
  private final String doomed;

  /**
   * @param slots of those limits whose settings stay and that nobody forces, by owner key
   * @param doomed the same, but somebody deletes it
   */
  SlotOracle(World world, Map<String, Integer> slots, String doomed, int slotsOfDoomed) {
    this.world = world;
    this.slots = slots;
    this.doomed = doomed;
    var judged = new HashMap<>(slots);
    judged.put(doomed, slotsOfDoomed);
    this.judge = new SlotJudge(judged);
  }

  // ---- what is written ----

  void wrote(String key, LimitEvent event) {
    if (event instanceof LimitEvent.Batch batch) {
      world.happened("LimitEvent.Batch");
      batch.events().forEach(each -> wroteOne(key, each));
    } else {
      wroteOne(key, event);
    }
  }

  private void wroteOne(String key, LimitEvent event) {
    world.happened("LimitEvent." + event.getClass().getSimpleName());
    world.say(() -> "  journal of " + name(key) + ": " + event);
    var before = written.getOrDefault(key, Limit.ABSENT);
    if (event instanceof LimitEvent.Granted granted) {
      granted(key, before, granted.lease());
    } else if (event instanceof LimitEvent.Released released) {
      ended(key, before, released.leaseId(), "released");
    } else if (event instanceof LimitEvent.Expired over) {
      ended(key, before, over.leaseId(), "expired");
      expired.add(over.leaseId());
    } else if (event instanceof LimitEvent.Forgotten forgotten) {
      forgotten(key, before, forgotten.leaseId());
    } else if (event instanceof LimitEvent.Outlived && key.equals(doomed)) {
      world.happened(Sometimes.DELETED_UNDER_LEASES);
    }
    var after = event.applyTo(before);
    written.put(key, after);
    if (slots.containsKey(key) && after.leases().slots() > after.slots()) {
      world.broken(
          "within limit", "%d of %d slots of %s", after.leases().slots(), after.slots(), name(key));
    }
  }

  private void granted(String key, Limit before, Lease lease) {
    if (!before.exists()) {
      world.broken("no slot of nothing", "%s is deleted: %s", name(key), lease.id());
    }
    if (lease.token() <= before.lastToken()) {
      world.broken("tokens rise", "%s: %d after %d", name(key), lease.token(), before.lastToken());
    }
    if (before.leases().find(lease.id()).isPresent()) {
      world.broken("granted once", "%s: lease %s is granted again", name(key), lease.id());
    }
    grants.put(new Grant(key, lease.id(), lease.token()), world.now());
  }

  private void ended(String key, Limit before, UUID lease, String how) {
    if (before.leases().find(lease).isEmpty()) {
      world.broken("freed once", "%s: lease %s is %s again", name(key), lease, how);
    }
    assertOver(key, lease, how);
  }

  /** It was given back, or its time was up; the latter is known of those who were heard of. */
  private void forgotten(String key, Limit before, UUID lease) {
    if (before.tombstones().find(lease).isEmpty()) {
      world.broken("freed once", "%s: nothing was left of lease %s", name(key), lease);
    }
    assertOver(key, lease, "forgotten");
    if (world.now() >= lastsUntil.getOrDefault(lease, 0L)) {
      expired.add(lease);
    }
  }

  private void assertOver(String key, UUID lease, String how) {
    boolean judged = slots.containsKey(key) || key.equals(doomed);
    if (judged && judge.heldUntil(key, lease.toString()) > world.now()) {
      world.broken(
          "leases kept",
          "%s: lease %s is %s, its holder holds it until %.6f s",
          name(key),
          lease,
          how,
          judge.heldUntil(key, lease.toString()) / 1e6);
    }
  }

  Limit limit(String key) {
    return written.getOrDefault(key, Limit.ABSENT);
  }

  int heldInAll() {
    return slots.keySet().stream().mapToInt(key -> limit(key).leases().size()).sum();
  }

  // ---- what holders are told ----

  void saw(SlotEntry entry) {
    if (entry.kind() == SlotEntry.Kind.GRANTED || entry.kind() == SlotEntry.Kind.RENEWED) {
      var lease = UUID.fromString(entry.lease());
      lastsUntil.merge(lease, entry.sentAt() + entry.lastsFor(), Math::max);
    }
    if (entry.kind() == SlotEntry.Kind.GRANTED) {
      var lease = UUID.fromString(entry.lease());
      if (!grants.containsKey(new Grant(entry.limit(), lease, entry.token()))) {
        world.broken(
            "no grant without lease",
            "%s: %s is told of token %d, which was never written",
            name(entry.limit()),
            lease,
            entry.token());
      }
      var now = limit(entry.limit()).known(lease);
      boolean kept = entry.lastsFor() > 0 || limit(entry.limit()).exists();
      boolean lasting =
          kept && (entry.lastsFor() == 0 || entry.sentAt() + entry.lastsFor() > world.now());
      if (lasting && (now.isEmpty() || now.get().token() != entry.token())) {
        world.broken(
            "no grant without lease",
            "%s: %s is told that it holds token %d, but it ended",
            name(entry.limit()),
            lease,
            entry.token());
      }
    }
    judge.saw(entry);
    judge.violations().forEach(v -> world.broken(v.rule().toString(), "%s", v.what()));
  }

  /**
   * The holder was told that the lease is given back. A later grant of it is another story; and one
   * that expired at its first limit meanwhile no longer knows of the others, where it expires too.
   */
  void toldReleased(String key, UUID lease, long token) {
    if (!expired.contains(lease)
        && limit(key).known(lease).filter(held -> held.token() == token).isPresent()) {
      world.broken(
          "release frees", "%s: the release of %s was confirmed, it is held", name(key), lease);
    }
  }

  /**
   * Nobody who waited before goes after one who came later, or has less priority.
   *
   * @param waited whether nothing was heard in between of somebody in line: who leaves it and comes
   *     back in one round may be passed over
   */
  void decided(
      String key,
      LimitOwner before,
      LimitOwner after,
      List<LimitEvent> events,
      Predicate<UUID> waited) {
    var head = after.line().head();
    if (!slots.containsKey(key)) {
      return;
    }
    if (head.isEmpty()
        || before.line().find(head.get().id()).filter(Waiter::parked).isEmpty()
        || !waited.test(head.get().id())) {
      return;
    }
    for (var event : events) {
      if (event instanceof LimitEvent.Granted granted) {
        before
            .line()
            .find(granted.lease().id())
            .filter(waiter -> head.get().isBefore(waiter))
            .ifPresent(
                waiter ->
                    world.broken(
                        "in order of age",
                        "%s: %s is granted before %s",
                        name(key),
                        waiter.id(),
                        head.get().id()));
      }
    }
  }

  /** Whoever was in line was heard of lately: no slot goes to an asker that died long ago. */
  void granted(String key, LimitOwner before, List<LimitEvent> events, Map<UUID, Instant> heardOf) {
    for (var event : events) {
      if (event instanceof LimitEvent.Granted granted) {
        var lease = granted.lease().id();
        var silent = Duration.between(heardOf.getOrDefault(lease, granted.at()), granted.at());
        if (before.line().find(lease).isPresent()
            && silent.compareTo(SimulatedLimits.HELD_FOR.plus(TAKEN_UP_AFTER)) > 0) {
          world.broken(
              "no slot for the dead",
              "%s: %s is granted, it was silent for %s",
              name(key),
              lease,
              silent);
        }
      }
    }
  }

  void end() {
    judge.verdict().forEach(v -> world.broken(v.rule().toString(), "%s", v.what()));
  }

  private static String name(String key) {
    return key.substring(0, 4);
  }
}
