package io.sluice.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeSet;

/**
 * Local times as instants. Of local times in order the instants are in order too, except around a
 * gap: what lies in the gap moves behind it, and may fall on or behind what comes next. So when the
 * gap is reached all that could be affected is taken at once and sorted.
 */
final class WallTimes implements Iterator<Instant> {
  private final Iterator<LocalDateTime> local;
  private final ZoneId zone;
  private final Instant start;
  private final TreeSet<Instant> ready = new TreeSet<>();
  private LocalDateTime ahead;
  private Instant last = Instant.MIN;

  /**
   * @param local in order; begins no later than {@link #firstLocal}
   */
  WallTimes(Iterator<LocalDateTime> local, ZoneId zone, Instant start) {
    this.local = local;
    this.zone = zone;
    this.start = start;
  }

  /** The earliest local time whose instant may be {@code start} or later. */
  static LocalDateTime firstLocal(Instant start, ZoneId zone) {
    var wall = LocalDateTime.ofInstant(start, zone);
    var past = zone.getRules().previousTransition(start.plusNanos(1));
    if (past != null
        && past.isGap()
        && start.isBefore(past.getInstant().plus(past.getDuration()))) {
      return past.getDateTimeBefore();
    }
    return wall;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && (ahead != null || local.hasNext())) {
      pull();
      ready.removeIf(time -> time.isBefore(start) || !time.isAfter(last));
    }
    return !ready.isEmpty();
  }

  @Override
  public Instant next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    last = ready.pollFirst();
    return last;
  }

  private void pull() {
    var time = ahead == null ? local.next() : ahead;
    ahead = null;
    ready.add(instant(time));
    var transition = zone.getRules().getTransition(time);
    if (transition == null || !transition.isGap()) {
      return;
    }
    var settled = transition.getDateTimeAfter().plus(transition.getDuration());
    while (ahead == null && local.hasNext()) {
      var next = local.next();
      if (next.isBefore(settled)) {
        ready.add(instant(next));
      } else {
        ahead = next;
      }
    }
  }

  private Instant instant(LocalDateTime time) {
    return time.atZone(zone).toInstant();
  }
}
