package io.sluice.notice;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as Python's {@code datetime.isoformat} writes them, which labels of events hold. */
final class PythonTime {
  private static final DateTimeFormatter TO_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TO_MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private PythonTime() {}

  /** To microseconds, without a fraction if there is none; always in UTC. */
  static String iso(Instant time) {
    boolean whole = time.getNano() / 1000 == 0;
    return (whole ? TO_SECONDS : TO_MICROS).format(time) + "+00:00";
  }
}
