package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What may be asked of a limit's owner. Imperative; the rules live in {@link Turn}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface LimitCommand {

  /** What follows from this command in {@code owner}'s situation at {@code now}, its own time. */
  Decision decide(LimitOwner owner, Instant now);

  /**
   * Whether its answer may begin the time of a lease anew without anything being written. An owner
   * that may have lost its place has to write first: its successor would not know.
   */
  default boolean renews() {
    return false;
  }

  /** Whether taking it a second time changes nothing, as it names what it is about. */
  default boolean isRepeatable() {
    return true;
  }

  /**
   * Brings the limit into being; refused if it exists.
   *
   * @param activeSlots loose slots that are taken from the start, 0 or more
   * @param adopted leases granted at once, beyond the slots if need be: runs that already occupy
   */
  record Create(UUID id, LimitSettings settings, int activeSlots, List<Acquire> adopted)
      implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).create(this);
    }
  }

  /**
   * Changes the settings, and the taken slots if {@code activeSlots} is not null. Lowering the
   * slots below what is held takes nothing from anybody: nobody is granted until enough came back.
   * Setting the active slots below what the leases hold writes leases off, oldest first (all if 0):
   * they stay renewable but hold nothing, so that their release frees nothing a second time.
   *
   * @param instead what the asker took for the settings; if they are others nothing is done, and
   *     the answer is {@link LimitReply.Overtaken}. Null: whatever they are
   */
  record Configure(LimitSettings settings, Integer activeSlots, LimitSettings instead)
      implements LimitCommand {
    Configure(LimitSettings settings, Integer activeSlots) {
      this(settings, activeSlots, null);
    }

    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).configure(this);
    }
  }

  /**
   * Deletes the limit; those in line are told that nothing holds them back. Leases that end by
   * themselves hold nothing from then on, but may be renewed and released until they end, as their
   * holders know nothing of it; the others are over.
   */
  record Delete() implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).delete();
    }
  }

  /** Deletes the limit and revokes its leases, as {@link Reset} does. */
  record DeleteWithLeases() implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).deleteWithLeases();
    }
  }

  /**
   * Takes slots now, or joins the line. Asking again with the same lease id changes nothing: a held
   * lease is answered again, a waiter keeps its place.
   *
   * @param leaseId the lease that is asked for, made with {@link OwnerKey#leaseOf}
   * @param slots how many, at least 1; more than the limit has is refused
   * @param rateLimit the slots come back by decay only; refused on a limit without decay
   * @param lease the kind of hold: how long, or without a lease
   * @param holder who asks, may be null
   * @param since since when it waits: the line is ordered by priority, then by this
   * @param priority lower goes first
   * @param ifBusy what to do when there is no room
   * @param style take the slots outright, offer them only, or take them beyond the limit
   */
  record Acquire(
      UUID leaseId,
      int slots,
      boolean rateLimit,
      Hold lease,
      Holder holder,
      Instant since,
      int priority,
      IfBusy ifBusy,
      Style style)
      implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).acquire(this);
    }

    @Override
    public boolean renews() {
      return true;
    }

    /** The same request that now waits with the owner. */
    public Acquire parked() {
      return with(IfBusy.PARK, style);
    }

    /** The same request in another style. */
    public Acquire with(IfBusy ifBusy, Style style) {
      return new Acquire(leaseId, slots, rateLimit, lease, holder, since, priority, ifBusy, style);
    }
  }

  /** How slots are held. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
  @JsonTypeIdResolver(SealedNames.class)
  sealed interface Hold {
    /** Until {@code duration} after the last renewal, or null: until released. */
    record Leased(Duration duration, List<UUID> companions) implements Hold {}

    /** Without a lease: until given back or decayed. */
    record Loose() implements Hold {}
  }

  /** What to do with a request that has to wait. */
  enum IfBusy {
    /** Answer at once and forget it. */
    FORGET,
    /** Answer at once; it keeps its place by its age until it should have asked again. */
    KEEP_PLACE,
    /** Answer when granted, or when {@link Withdraw} ends the wait. */
    PARK
  }

  /** How slots are handed over. */
  enum Style {
    GRANT,
    /**
     * Taken, as by {@link #GRANT}. Who had to wait for it is answered {@link LimitReply.Offered},
     * and has to {@link Confirm} as for an offer; else it is taken back: the node that waits for
     * the answer may have died, and nobody would know of the lease until it ends.
     */
    HAND_OVER,
    /** Set aside until {@link Confirm} or {@link Decline}: the asker needs other limits as well. */
    OFFER,
    /** Granted beyond the limit if need be: the run already occupies, by force or by rule. */
    FORCE
  }

  /**
   * Turns an offer into a grant, or keeps what was handed over; refused if that has lapsed or went
   * to an older asker. Asking again changes nothing: a held lease is answered again.
   */
  record Confirm(UUID leaseId) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).confirm(leaseId);
    }

    @Override
    public boolean renews() {
      return true;
    }
  }

  /** Hands an offer back, or what was handed over and is not confirmed. */
  record Decline(UUID leaseId) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).decline(leaseId);
    }
  }

  /**
   * Ends a parked wait.
   *
   * @param keepPlace how long its age counts if it asks again; null: the asker is gone, and what it
   *     may have been granted in the same moment is taken back
   */
  record Withdraw(UUID leaseId, Duration keepPlace) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).withdraw(this);
    }
  }

  /**
   * Starts the lease's time anew; refused if the lease is gone. Writes nothing, unless the time is
   * another one than before: the next owner has to know it.
   */
  record Renew(UUID leaseId, Duration duration) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).renew(this);
    }

    @Override
    public boolean renews() {
      return true;
    }
  }

  /**
   * Asks whether a lease is there, held or still renewable though its limit is deleted; refused if
   * it is gone.
   */
  record Find(UUID leaseId) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).find(leaseId);
    }
  }

  /**
   * Gives a lease back; without effect if it is gone already.
   *
   * @param token of the grant that is given back, null if not known: then whatever grant there is,
   *     and nobody waits for the lease any more, nor is it offered: a {@link Confirm} that is still
   *     under way comes too late. With it, a message that comes late does not end a later grant of
   *     the same lease
   */
  record Release(UUID leaseId, Long token) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).release(this);
    }

    /** Whatever grant there is. */
    public static Release any(UUID leaseId) {
      return new Release(leaseId, null);
    }
  }

  /**
   * Gives a lease back if it was taken of this limit alone; otherwise only answers of which others,
   * which are to be given back first: so whoever repeats this still learns of them.
   */
  record ReleaseLone(UUID leaseId) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).releaseLone(leaseId);
    }
  }

  /** Gives slots back without naming a lease; {@code heldSeconds} may be null. */
  record GiveBack(int slots, Double heldSeconds) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).giveBack(this);
    }

    @Override
    public boolean isRepeatable() {
      return false;
    }
  }

  /** Makes a lease last until it is released and refuses its renewal from now on. */
  record Unbind(UUID leaseId) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).unbind(leaseId);
    }
  }

  /**
   * Revokes every lease and takes back every loose slot, then grants {@code instead}. A revoked
   * lease cannot be renewed any more; until its time is up its release still answers which other
   * limits it was taken with.
   */
  record Reset(List<Acquire> instead) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).reset(this);
    }
  }

  /** Releases every lease without an end that was granted before {@code before} and is not kept. */
  record Retain(Set<UUID> kept, Instant before) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).retain(this);
    }
  }

  /** What the owner's timer says: expire, and forget who did not come back. */
  record Due() implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).due();
    }
  }

  /** Asks for the present state. */
  record Get() implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).get();
    }
  }

  /**
   * Asks how many more askers would have their turn soon.
   *
   * @param within what soon means
   * @param atLeast how many count in any case, however far their turn is
   */
  record Outlook(Duration within, int atLeast) implements LimitCommand {
    @Override
    public Decision decide(LimitOwner owner, Instant now) {
      return new Turn(owner, now).outlook(this);
    }
  }
}
