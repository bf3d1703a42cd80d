package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.cluster.Wire;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What a limit's owner answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface LimitReply extends Wire {

  /** Which limit answered. */
  record Face(UUID id, String name, int slots) {
    static Face of(Limit limit) {
      return new Face(limit.id(), limit.name(), limit.slots());
    }
  }

  /**
   * The slots are held.
   *
   * @param token fencing token of the grant; 0 for slots without a lease
   * @param companions the other limits of the lease, if this is its first one
   */
  record Granted(Face limit, long token, List<UUID> companions) implements LimitReply {}

  /** The slots are set aside, or taken, until confirmed or declined, for a time. */
  record Offered(Face limit) implements LimitReply {}

  /** The limit is inactive: it holds nobody back and took nothing. */
  record Skipped(Face limit) implements LimitReply {}

  /** There is no such limit, so nothing holds the asker back. */
  record NoSuchLimit() implements LimitReply {}

  /**
   * No room.
   *
   * @param position 1 is next
   * @param estimate when its turn should come, by the measured pace or by decay
   */
  record Busy(Face limit, int activeSlots, int position, Duration estimate) implements LimitReply {}

  /** The settings are not those that the asker wanted to change; nothing was done. */
  record Overtaken() implements LimitReply {}

  /** Turned down. */
  record Refused(Rejection why) implements LimitReply {}

  /** Done, or nothing to do; for a lease, the other limits it was taken with. */
  record Done(List<UUID> companions) implements LimitReply {
    static final Done DONE = new Done(List.of());
  }

  /** The owner stops or moves and has done nothing of it; ask again. */
  record AskAgain() implements LimitReply {}

  /** The owner stopped while it wrote what follows from it: it may be done or not. */
  record PerhapsDone() implements LimitReply {}

  /**
   * The present state.
   *
   * @param leases in the order of their grants
   * @param line who waits, next first; at most {@link LimitBounds#LINE_SHOWN}
   * @param waiting how many wait in all
   */
  record View(
      UUID id,
      LimitSettings settings,
      Instant created,
      Instant updated,
      int activeSlots,
      double occupancySeconds,
      List<HeldLease> leases,
      List<Waiting> line,
      int waiting)
      implements LimitReply {}

  /** A lease and when it ends if nobody renews it; {@code expires} null: not by itself. */
  record HeldLease(Lease lease, Instant expires) {}

  /** One in line. */
  record Waiting(UUID leaseId, Holder holder, int slots, Instant since, boolean parked) {}

  /** So many more askers would have their turn soon; nobody is held back if not limited. */
  record Outlook(boolean limited, int askers) implements LimitReply {}
}
