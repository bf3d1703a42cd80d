package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where the commands for one limit's owner come in: collects those that arrive while a write is
 * under way, has them decided together, and knows who is still to be answered. Everybody who asks
 * is answered exactly once: by a {@link Round}, or by being among {@link #unanswered}.
 *
 * <p>Pure: no clock, no actor, no I/O. Mutable, and confined to its owner.
 *
 * @param <A> whom an answer goes to
 */
final class LimitDesk<A> {

  /** What {@code to} is told. */
  record Answer<A>(A to, LimitReply reply) {}

  /**
   * Commands that were decided together.
   *
   * @param event to be persisted before anybody is answered, a batch of nothing if only the writing
   *     counts; null if there is nothing to persist
   * @param answers in the order in which they were decided
   * @param parked who is not answered yet, but has a place in the line
   * @param tally what was brought about, null if nobody measures it
   */
  record Round<A>(
      LimitEvent event, List<Answer<A>> answers, List<Parked<A>> parked, LimitTally tally) {}

  /** Who waits in the line for a lease. */
  record Parked<A>(UUID lease, A asker) {}

  /**
   * @param at when it came
   * @param ofGone whether it is about an asker that is gone
   */
  private record Asked<A>(LimitCommand command, A asker, Instant at, boolean ofGone) {}

  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(500);

  private final LimitBounds bounds;
  private final int batchMax;
  private final boolean measured;
  private final List<Asked<A>> waiting = new ArrayList<>();
  private final List<A> writing = new ArrayList<>();
  private final Map<UUID, A> parked = new HashMap<>();
  private LimitOwner owner;
  private Standing standing;
  private LimitTally tally;
  private Instant decidedAt;
  private boolean inItsPlace;
  private boolean claimed;
  private Instant claimAgain;

  /**
   * @param batchMax how many commands one round takes at most
   * @param measured whether somebody asks for tallies and the standing
   */
  LimitDesk(LimitBounds bounds, int batchMax, boolean measured) {
    this.bounds = bounds;
    this.batchMax = batchMax;
    this.measured = measured;
  }

  /**
   * Begins anew with what was persisted. The first round writes in any case if there is anything: a
   * former owner that lives on beside this one may have written after this one had read, which this
   * one would never learn if it found nothing to write. The former one may read, and write again,
   * as long as it lives: so a round after that time, {@link LimitBounds#overlap}, writes once more.
   * If that is zero there can be no former owner, and nothing is written for this.
   *
   * <p>While it is not sure that it is in its place, it decides nothing: it may be a former owner
   * that was refused a write, has read what its successor wrote, and would now write in turn.
   *
   * @param sure see {@link #decide}
   */
  void recovered(Limit limit, Instant now, boolean sure) {
    inItsPlace = sure;
    owner = LimitOwner.recovered(limit, bounds, now);
    standing = measured ? Standing.of(owner, now) : null;
    claimed = !limit.isKept() || bounds.overlap().isZero();
    claimAgain = claimed ? null : now.plus(bounds.overlap());
  }

  /** The situation after all rounds, also the one whose event is being written. */
  LimitOwner owner() {
    return owner;
  }

  /** How the limit stands after all rounds; null if nobody measures it. */
  Standing standing() {
    return standing;
  }

  void receive(LimitCommand command, A asker, Instant now) {
    waiting.add(new Asked<>(command, asker, now, false));
  }

  /**
   * Takes an asker out of the line, because it or its node has ended: nobody would learn of a grant
   * to it. Whoever has asked again for the same lease meanwhile keeps the place.
   */
  void gone(Parked<A> gone, Instant now) {
    if (gone.asker().equals(parked.get(gone.lease()))) {
      var withdraw = new LimitCommand.Withdraw(gone.lease(), null);
      waiting.add(new Asked<>(withdraw, gone.asker(), now, true));
    }
  }

  /** Whether there is something for another round. */
  boolean hasWork() {
    return !waiting.isEmpty();
  }

  /**
   * Decides what has come in, at most a batch. If the round has an event, no other round may be
   * taken before {@link #written}.
   *
   * @param sure whether no other owner can have taken this one's place; if not, leases are renewed
   *     only together with a write, which fails if another one has. The same holds as long as a
   *     former owner may live: it may have written on after it was refused once and recovered
   */
  Round<A> decide(Instant now, boolean sure) {
    inItsPlace |= sure;
    if (!inItsPlace) {
      return turnAway();
    }
    var batch = waiting.subList(0, Math.min(waiting.size(), batchMax));
    var events = new ArrayList<LimitEvent>();
    var answers = new ArrayList<Answer<A>>();
    var nowParked = new ArrayList<Parked<A>>();
    decidedAt = now;
    tally = measured ? new LimitTally(now, standing.freeSince(now).orElse(null)) : null;
    boolean ownerOnly = !claimed || isOverlapOver();
    for (var asked : batch) {
      ownerOnly |= decide(asked, now, events, answers, nowParked);
      ownerOnly |= (!sure || claimAgain != null) && asked.command().renews();
    }
    batch.clear();
    standing = measured ? standing.then(owner, now) : null;
    if (events.isEmpty() && !ownerOnly) {
      return new Round<>(null, answers, nowParked, tally);
    }
    answers.forEach(answer -> writing.add(answer.to()));
    var event = events.size() == 1 ? events.get(0) : new LimitEvent.Batch(events);
    return new Round<>(event, answers, nowParked, tally);
  }

  private Round<A> turnAway() {
    var again =
        waiting.stream()
            .filter(asked -> !asked.ofGone())
            .map(asked -> new Answer<>(asked.asker(), new LimitReply.AskAgain()));
    var round = new Round<A>(null, again.toList(), List.of(), null);
    waiting.clear();
    return round;
  }

  private boolean decide(
      Asked<A> asked,
      Instant now,
      List<LimitEvent> events,
      List<Answer<A>> answers,
      List<Parked<A>> nowParked) {
    if (asked.ofGone() && !isParked(asked) || isRepeated(asked)) {
      return false;
    }
    var decision = asked.command().decide(owner, now);
    if (measured) {
      tally.add(owner, asked.command(), asked.at(), decision);
    }
    owner = decision.after();
    events.addAll(decision.events());
    decision
        .woken()
        .forEach((lease, reply) -> answers.add(new Answer<>(parked.remove(lease), reply)));
    if (decision.reply() != null) {
      answers.add(new Answer<>(asked.asker(), decision.reply()));
    } else if (asked.command() instanceof LimitCommand.Acquire ask) {
      parked.put(ask.leaseId(), asked.asker());
      nowParked.add(new Parked<>(ask.leaseId(), asked.asker()));
    }
    return decision.ownerOnly();
  }

  /**
   * Whether this very request stands in line already: those without an answer are sent again. Taken
   * for a later one of the same lease it would have the earlier one, itself, sent back.
   */
  private boolean isRepeated(Asked<A> asked) {
    return asked.command() instanceof LimitCommand.Acquire ask
        && asked.asker().equals(parked.get(ask.leaseId()));
  }

  private boolean isParked(Asked<A> gone) {
    return gone.command() instanceof LimitCommand.Withdraw withdraw
        && gone.asker().equals(parked.get(withdraw.leaseId()));
  }

  /** The round's event is persisted: its answers may go out. */
  void written() {
    writing.clear();
    claimed = true;
    claimAgain = isOverlapOver() ? null : claimAgain;
  }

  private boolean isOverlapOver() {
    return claimAgain != null && !decidedAt.isBefore(claimAgain);
  }

  /** How long until the owner has to look again by itself, with {@link LimitCommand.Due}. */
  Optional<Duration> dueIn(Instant now) {
    if (!inItsPlace) {
      return Optional.of(LOOK_AGAIN_AFTER);
    }
    return Stream.concat(owner.nextDue(now).stream(), Stream.ofNullable(claimAgain))
        .min(Instant::compareTo)
        .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO);
  }

  /** Whether nothing would be forgotten if the owner left memory. */
  boolean mayLeave(Instant now) {
    return dueIn(now).isEmpty() && owner.line().parkedCount() == 0;
  }

  /** Those whose commands are being written; they are forgotten. */
  List<A> unsure() {
    var left = List.copyOf(writing);
    writing.clear();
    return left;
  }

  /** All others who wait for an answer that will not come from here; they are forgotten. */
  List<A> unanswered() {
    var left = new ArrayList<A>();
    waiting.stream().filter(asked -> !asked.ofGone()).forEach(asked -> left.add(asked.asker()));
    left.addAll(parked.values());
    waiting.clear();
    parked.clear();
    return left;
  }
}
