package io.sluice.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * When something happens, again and again. Pure: the same question has the same answer.
 *
 * <p>Where clocks are set forward a local time that does not exist is taken as if they had not
 * been, so 02:30 becomes 03:30; where they are set back a local time that exists twice is meant the
 * first time (RFC 5545, section 3.3.5). Prefect 3.8.8 does the same for intervals, and for the
 * others from Python 3.13 on; with an older Python it is an hour earlier in the first case.
 */
public sealed interface Recurrence permits Every, Cron, CalendarRule {

  /** The times that are not before {@code start}, each once, in order; there may be no end. */
  Iterator<Instant> from(Instant start);

  /** On whose clock. */
  ZoneId zone();

  /** Those of {@link #from} that are not after {@code end}, {@code max} at most. */
  default List<Instant> between(Instant start, Instant end, int max) {
    var times = new ArrayList<Instant>();
    var all = from(start);
    while (times.size() < max && all.hasNext()) {
      var time = all.next();
      if (time.isAfter(end)) {
        break;
      }
      times.add(time);
    }
    return times;
  }
}
