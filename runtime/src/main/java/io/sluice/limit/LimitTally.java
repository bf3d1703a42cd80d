package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the commands that were decided together brought about, for whoever measures it: taken from
 * the decisions, not looked for in the state. It becomes true when their round is written.
 *
 * <p>Pure. Confined to its owner while a round is decided, not changed afterwards.
 */
public final class LimitTally {

  /**
   * Slots were granted to somebody who asked.
   *
   * @param since since when it had waited
   */
  public record Grant(Instant since) {}

  /**
   * Slots went to somebody in line.
   *
   * @param freeSince when they came free: the request that gave them back had reached the owner,
   *     the lease that held them was over, or they had decayed
   * @param idleSince since when they count as idle on top of what {@link Standing} counts
   */
  public record HandOff(int slots, Instant freeSince, Instant idleSince) {}

  /**
   * A hold came to its end.
   *
   * @param expired whether because nobody renewed the lease
   */
  public record Hold(double seconds, boolean expired) {}

  private final List<Grant> grants = new ArrayList<>(2);
  private final List<HandOff> handOffs = new ArrayList<>(2);
  private final List<Hold> holds = new ArrayList<>(2);
  private final List<String> denials = new ArrayList<>(0);
  private final Instant now;
  private Instant decayedOrOver;
  private int renewals;

  /**
   * @param freeSince since when slots are free for the head of the line although nobody gave any
   *     back, null if they are not
   */
  LimitTally(Instant now, Instant freeSince) {
    this.now = now;
    this.decayedOrOver = freeSince;
  }

  public List<Grant> grants() {
    return grants;
  }

  public List<HandOff> handOffs() {
    return handOffs;
  }

  public List<Hold> holds() {
    return holds;
  }

  /** Why requests were denied, one word for each: {@code busy}, or the name of the rule. */
  public List<String> denials() {
    return denials;
  }

  /** How many leases began their time anew because their holders asked for it. */
  public int renewals() {
    return renewals;
  }

  /**
   * Takes in what followed from {@code command}.
   *
   * @param received when it reached the owner
   */
  void add(LimitOwner before, LimitCommand command, Instant received, Decision decision) {
    decision.events().forEach(this::ended);
    var reply = decision.reply();
    if (reply instanceof Granted granted && isNew(granted, before)) {
      asker(before, command).ifPresent(ask -> grants.add(new Grant(ask.since())));
    } else if (command instanceof LimitCommand.Renew && reply instanceof LimitReply.Done) {
      renewals++;
    }
    denied(reply);
    var free = decayedOrOver;
    for (var woken : decision.woken().entrySet()) {
      denied(woken.getValue());
      before.line().find(woken.getKey()).ifPresent(w -> served(w, woken.getValue(), received));
      free = isServed(woken.getValue()) ? null : free;
    }
    decayedOrOver = free;
  }

  private void ended(LimitEvent event) {
    if (event instanceof LimitEvent.Released released) {
      holds.add(new Hold(released.heldSeconds(), false));
    } else if (event instanceof LimitEvent.Revoked revoked) {
      holds.add(new Hold(revoked.heldSeconds(), false));
    } else if (event instanceof LimitEvent.Expired expired) {
      holds.add(new Hold(expired.heldSeconds(), true));
    } else if (event instanceof LimitEvent.SlotsReturned back && back.heldSeconds() != null) {
      holds.add(new Hold(back.heldSeconds() / back.slots(), false));
    }
  }

  /** A lease that was held already is answered again, with its old token. */
  private static boolean isNew(Granted granted, LimitOwner before) {
    return granted.token() == 0 || granted.token() > before.limit().lastToken();
  }

  private static Optional<Acquire> asker(LimitOwner before, LimitCommand command) {
    if (command instanceof Acquire ask) {
      UUID id = ask.leaseId();
      return Optional.of(before.line().find(id).map(Waiter::ask).orElse(ask));
    }
    return command instanceof LimitCommand.Confirm confirm
        ? Optional.ofNullable(before.offers().get(confirm.leaseId())).map(LimitOwner.Offer::ask)
        : Optional.empty();
  }

  private void denied(LimitReply reply) {
    if (reply instanceof Busy) {
      denials.add("busy");
    } else if (reply instanceof Refused refused) {
      denials.add(refused.why().getClass().getSimpleName());
    }
  }

  private static boolean isServed(LimitReply reply) {
    return reply instanceof Granted || reply instanceof Offered;
  }

  private void served(Waiter waiter, LimitReply reply, Instant received) {
    if (!isServed(reply)) {
      return;
    }
    if (reply instanceof Granted || waiter.ask().style() == LimitCommand.Style.HAND_OVER) {
      grants.add(new Grant(waiter.ask().since()));
    }
    boolean byItself = decayedOrOver != null;
    handOffs.add(
        new HandOff(
            waiter.slots(), byItself ? decayedOrOver : received, byItself ? now : received));
  }
}
