package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
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
 */
public record Limit(
    UUID id,
    LimitSettings settings,
    Instant created,
    Instant updated,
    Taken taken,
    long lastToken,
    double occupancySeconds) {

  static final double INITIAL_OCCUPANCY_SECONDS = 2.0;
  static final Limit ABSENT =
      new Limit(null, null, null, null, Taken.NOTHING, 0, INITIAL_OCCUPANCY_SECONDS);
  private static final double SHORTEST_OCCUPANCY_SECONDS = 0.1;

  public boolean exists() {
    return id != null;
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
    return new Limit(id, settings, at, at, nothing, lastToken, INITIAL_OCCUPANCY_SECONDS);
  }

  Limit configured(LimitSettings changed, Instant at) {
    return new Limit(id, changed, created, at, settled(at), lastToken, occupancySeconds);
  }

  /** Nothing is left but the token, so that tokens rise even over a re-creation. */
  Limit deleted() {
    return new Limit(null, null, null, null, Taken.NOTHING, lastToken, INITIAL_OCCUPANCY_SECONDS);
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
        occupancySeconds);
  }

  Limit with(Leases leases, Instant at) {
    return with(settled(at).with(leases), at);
  }

  /** With leases that only end at other times: the same slots are taken as before. */
  Limit withEndsOf(Leases leases) {
    return with(taken.with(leases), updated);
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
    return new Limit(id, settings, created, updated, taken, lastToken, average);
  }

  private Limit with(Taken changed, Instant at) {
    return new Limit(id, settings, created, at, changed, lastToken, occupancySeconds);
  }

  private Taken settled(Instant at) {
    return taken.settled(settings.decayPerSecond(), at);
  }
}
