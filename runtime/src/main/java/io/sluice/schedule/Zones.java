package io.sluice.schedule;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;

/** Time zones by the names of the IANA database. */
public final class Zones {
  private static final Set<String> KNOWN = ZoneId.getAvailableZoneIds();

  /** In the database but not among those that Java lists (see {@link ZoneId#SHORT_IDS}). */
  private static final Map<String, ZoneId> SHORT =
      Map.of(
          "EST",
          ZoneOffset.ofHours(-5),
          "MST",
          ZoneOffset.ofHours(-7),
          "HST",
          ZoneOffset.ofHours(-10));

  private Zones() {}

  /**
   * @param name null or empty for UTC
   * @throws BadSchedule if there is no such zone
   */
  public static ZoneId of(String name) {
    if (name == null || name.isEmpty()) {
      return ZoneOffset.UTC;
    } else if (SHORT.containsKey(name)) {
      return SHORT.get(name);
    } else if (KNOWN.contains(name) && !name.startsWith("SystemV/")) {
      return ZoneId.of(name);
    }
    throw new BadSchedule(
        "Invalid timezone: \"%s\" (specify in IANA tzdata format, for example, America/New_York)"
            .formatted(name));
  }
}
