package io.sluice.prefect;

import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.View;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Wire shapes of concurrency limits (Prefect 3.8.8, schemas/core.py, schemas/responses.py). */
final class LimitJson {
  private LimitJson() {}

  /** ConcurrencyLimitV2. */
  record Core(
      UUID id,
      Instant created,
      Instant updated,
      boolean active,
      String name,
      int limit,
      int activeSlots,
      int deniedSlots,
      double slotDecayPerSecond,
      double avgSlotOccupancySeconds) {

    static Core of(View limit, int deniedSlots) {
      return new Core(
          limit.id(),
          limit.created(),
          limit.updated(),
          limit.settings().active(),
          limit.settings().name(),
          limit.settings().slots(),
          limit.activeSlots(),
          deniedSlots,
          limit.settings().decayPerSecond(),
          limit.occupancySeconds());
    }
  }

  /** GlobalConcurrencyLimitResponse. */
  record Global(
      UUID id,
      Instant created,
      Instant updated,
      boolean active,
      String name,
      int limit,
      int activeSlots,
      double slotDecayPerSecond) {

    static Global of(View limit) {
      return new Global(
          limit.id(),
          limit.created(),
          limit.updated(),
          limit.settings().active(),
          limit.settings().name(),
          limit.settings().slots(),
          limit.activeSlots(),
          limit.settings().decayPerSecond());
    }
  }

  /** MinimalConcurrencyLimitResponse. */
  record Minimal(UUID id, String name, int limit) {
    static Minimal of(Face limit) {
      return new Minimal(limit.id(), limit.name(), limit.slots());
    }

    static Minimal of(View limit) {
      return new Minimal(limit.id(), limit.settings().name(), limit.settings().slots());
    }
  }

  /** ConcurrencyLimitWithLeaseResponse. */
  record Leased(UUID leaseId, List<Minimal> limits) {}
}
