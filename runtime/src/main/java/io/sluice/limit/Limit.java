package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The facts of a concurrency limit that outlive its owner: settings and taken slots. Everything
 * here comes from {@link LimitEvent}s.
 *
 * <p>Pure: no clock, no actor, no I/O; {@code now} is always passed in.
 *
 * <p>Invariants: {@code activeSlots(now) >= 0}; {@code lastToken} never falls. That the active
 * slots stay within the settings is decided by {@link LimitOwner}; an operator may lower the limit
 * below what is held.
 *
 * @param id null before the limit was created and after it was deleted
 * @param lastToken the fencing token of the latest grant
 * @param occupancySeconds running average of how long a slot is held (Prefect 3.8.8, {@code
 *     avg_slot_occupancy_seconds}, initially 2)
 * @param tombstones of leases that hold nothing here any more, also of those that outlived the
 *     limit; stored only if there are any
 */
public record Limit(
    UUID id,
    LimitSettings settings,
    Instant created,
    Instant updated,
    Taken taken,
    long lastToken,
    double occupancySeconds,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Tombstones tombstones) {

  static final double INITIAL_OCCUPANCY_SECONDS = 2.0;
  static final Limit ABSENT =
      new Limit(
          null, null, null, null, Taken.NOTHING, 0, INITIAL_OCCUPANCY_SECONDS, Tombstones.NONE);
  private static final double SHORTEST_OCCUPANCY_SECONDS = 0.1;

  public Limit {
    tombstones = tombstones == null ? Tombstones.NONE : tombstones;
  }

  public boolean exists() {
    return id != null;
  }

  /** Whether there is anything here: the limit, or what is left of leases that outlived it. */
  boolean isKept() {
    return exists() || !tombstones.isEmpty();
  }

  // ---- queries ----

  public String name() {
    return settings.name();
  }

  public int slots() {
    return settings.slots();
  }

  public Leases leases() {
    return taken.leases();
  }

  /** The lease {@code id}, whether it holds slots still or there is only a tombstone of it. */
  Optional<Lease> known(UUID id) {
    return leases().find(id).or(() -> tombstones.find(id).map(Tombstone::lease));
  }

  /** All leases that may be {@link #known}, in no order. */
  List<Lease> known() {
    var known = new ArrayList<>(leases().all());
    tombstones.oldestFirst().forEach(tombstone -> known.add(tombstone.lease()));
    return known;
  }

  /** Slots held at {@code now}: those of leases and loose ones, less what has decayed. */
  public int activeSlots(Instant now) {
    return taken.slots(settings.decayPerSecond(), now);
  }

  /** How long until decay alone makes room for {@code more} slots; zero if there is room now. */
  Duration untilDecayed(int more, Instant now) {
    int missing = (int) Math.min((long) taken.held() + more - slots(), Integer.MAX_VALUE);
    if (missing <= 0 || !settings.decays()) {
      return Duration.ZERO;
    }
    var at = taken.decayedBy(missing, settings.decayPerSecond());
    return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
  }

  // ---- changes, used by events only ----

  Limit created(UUID id, LimitSettings settings, int activeSlots, Instant at) {
    var nothing = new Taken(Leases.NONE, activeSlots, at);
    return new Limit(
        id, settings, at, at, nothing, lastToken, INITIAL_OCCUPANCY_SECONDS, tombstones);
  }

  Limit configured(LimitSettings changed, Instant at) {
    return new Limit(
        id, changed, created, at, settled(at), lastToken, occupancySeconds, tombstones);
  }

  /**
   * Nothing is left but the token, so that tokens rise even over a re-creation, and the tombstones.
   */
  Limit deleted() {
    return new Limit(
        null, null, null, null, Taken.NOTHING, lastToken, INITIAL_OCCUPANCY_SECONDS, tombstones);
  }

  /** The same, and every lease that ends by itself may still be renewed until then. */
  Limit outlived() {
    var left = tombstones;
    for (var lease : leases().all()) {
      left = lease.endsByItself() ? left.with(new Tombstone(lease, true)) : left;
    }
    return with(left).deleted();
  }

  Limit with(Tombstones changed) {
    return new Limit(id, settings, created, updated, taken, lastToken, occupancySeconds, changed);
  }

  Limit with(Lease lease, Instant at) {
    var settled = settled(at);
    return new Limit(
        id,
        settings,
        created,
        at,
        settled.with(settled.leases().with(lease)),
        Math.max(lastToken, lease.token()),
        occupancySeconds,
        tombstones.without(lease.id()));
  }

  Limit with(Leases leases, Instant at) {
    return with(settled(at).with(leases), at);
  }

  /** The lease lives so long after each renewal; the same slots are taken as before. */
  Limit retimed(UUID leaseId, Duration duration) {
    var lease = leases().find(leaseId);
    if (lease.isPresent()) {
      return with(taken.with(leases().with(lease.get().lasting(duration))), updated);
    }
    return tombstones
        .find(leaseId)
        .map(tombstone -> with(tombstones.with(tombstone.lasting(duration))))
        .orElse(this);
  }

  Limit withLoose(int loose, Instant at) {
    return with(settled(at).withLoose(loose), at);
  }

  Limit plusLoose(int more, Instant at) {
    var settled = settled(at);
    return with(settled.withLoose(settled.loose() + more), at);
  }

  /** Takes a finished hold into the average, as Prefect 3.8.8 does on decrement. */
  Limit observed(double heldSeconds) {
    double sample = Math.max(heldSeconds, SHORTEST_OCCUPANCY_SECONDS);
    double weight = 1 / (2.0 * Math.max(1, slots()));
    double average = occupancySeconds + (sample - occupancySeconds) * weight;
    return new Limit(id, settings, created, updated, taken, lastToken, average, tombstones);
  }

  private Limit with(Taken changed, Instant at) {
    return new Limit(id, settings, created, at, changed, lastToken, occupancySeconds, tombstones);
  }

  private Taken settled(Instant at) {
    return taken.settled(settings.decayPerSecond(), at);
  }
}
