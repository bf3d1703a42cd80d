package io.sluice;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says to a person why slots did not come free: who holds them, for how long, who waits. */
final class NotInTimeWords {
  private static final int HOLDERS_SHOWN = 5;

  private NotInTimeWords() {}

  static SluiceException.NotInTime of(
      List<String> names, int slots, Duration atMost, List<LimitState> full) {
    var what =
        "%d %s of %s did not come free within %s.%s"
            .formatted(
                slots,
                slots == 1 ? "slot" : "slots",
                names.stream().map("'%s'"::formatted).collect(Collectors.joining(" and ")),
                seconds(atMost),
                full.stream().map(NotInTimeWords::situation).collect(Collectors.joining()));
    boolean rate = full.stream().anyMatch(limit -> limit.definition().refillPerSecond() > 0);
    return new SluiceException.NotInTime(
        what,
        rate
            ? "Wait longer, ask for fewer, or let more through with Sluice.define."
            : "Wait longer, end what holds the slots, or add some with Sluice.resize.",
        full);
  }

  private static String situation(LimitState limit) {
    return " Limit '%s' has %d of %d slots taken, and %d wait%s.%s"
        .formatted(
            limit.name(),
            limit.held(),
            limit.slots(),
            limit.waiting(),
            limit.waiting() == 1 ? "s" : "",
            holders(limit.holders()));
  }

  private static String holders(List<LimitState.SlotHolder> holders) {
    if (holders.isEmpty()) {
      return "";
    }
    var shown =
        holders.stream()
            .limit(HOLDERS_SHOWN)
            .map(h -> "%s has %d for %s".formatted(h.name(), h.slots(), seconds(h.heldFor())))
            .collect(Collectors.joining(", "));
    int more = holders.size() - HOLDERS_SHOWN;
    return " Holders: %s%s.".formatted(shown, more > 0 ? ", and %d more".formatted(more) : "");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
