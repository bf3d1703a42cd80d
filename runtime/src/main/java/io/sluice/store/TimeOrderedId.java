package io.sluice.store;

import java.time.Instant;
import java.util.UUID;

/**
 * UUIDs of version 7 (RFC 9562): they begin with the time, so that new rows go to the end of an
 * index and the highest id is the newest.
 */
public final class TimeOrderedId {
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;
  private static final double STEPS_PER_MILLI = 4096.0;
  private static final double NANOS_PER_MILLI = 1e6;

  private TimeOrderedId() {}

  /**
   * An id made at {@code now}; of those made in the same quarter microsecond the order is random.
   */
  public static UUID at(Instant now) {
    long step = (long) (now.getNano() % NANOS_PER_MILLI / NANOS_PER_MILLI * STEPS_PER_MILLI);
    long random = UUID.randomUUID().getLeastSignificantBits();
    return new UUID(now.toEpochMilli() << 16 | VERSION_7 | step, random & ~VARIANT_BITS | VARIANT);
  }
}
