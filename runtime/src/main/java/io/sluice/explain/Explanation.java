package io.sluice.explain;

import io.sluice.limit.Holder;
import io.sluice.run.StateType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Why a flow run is where it is.
 *
 * @param since when it entered its state
 * @param summary in one line
 * @param blockedBy the first link of the chain that blocks it, null if none does
 * @param chain what it has to pass, in this order: work pool, work queue, its own schedule,
 *     deployment, other limits
 * @param next what can unblock it next, null if nothing blocks it
 * @param limitsNotSeen how many limits were not looked at for slots this run holds or waits for,
 *     because there are more than {@link Explanations#LIMITS_SEEN}
 */
public record Explanation(
    UUID flowRunId,
    String name,
    StateType stateType,
    String stateName,
    Instant since,
    Status status,
    String summary,
    Link blockedBy,
    List<Link> chain,
    NextEvent next,
    int limitsNotSeen) {

  /** Where it stands in all. */
  public enum Status {
    /** Something blocks it. */
    WAITING,
    /** Nothing blocks it: the next poll of a worker takes it. */
    READY,
    /** A worker or a process has it, and nothing blocks it. */
    ACTIVE,
    FINISHED
  }

  /** What kind of thing a link is. */
  public enum Kind {
    WORK_POOL,
    WORK_QUEUE,
    FLOW_RUN,
    DEPLOYMENT,
    LIMIT
  }

  /** What a link does to the run. */
  public enum Verdict {
    OPEN,
    BLOCKS,
    /** The run holds a slot of it. */
    HELD
  }

  /**
   * One thing the run has to pass.
   *
   * @param id null if there is none
   * @param slots null if it has no concurrency limit
   * @param next what can unblock it; null unless it blocks
   */
  public record Link(
      Kind kind,
      UUID id,
      String name,
      Verdict verdict,
      String message,
      Slots slots,
      NextEvent next) {}

  /**
   * The slots of a link.
   *
   * @param holders oldest first, at most {@link Explanations#HOLDERS_SHOWN}
   * @param leases how many leases hold slots
   * @param position of the run in the line, 1 is next; null if it is not in line
   * @param waiting how many are in line
   */
  public record Slots(
      int active, int limit, List<HeldBy> holders, int leases, Integer position, int waiting) {}

  /**
   * Who holds slots.
   *
   * @param holder null if the asker did not say
   * @param name of the flow run, null if the holder is none or is gone
   * @param expires when the lease ends unless it is renewed; null: not by itself
   */
  public record HeldBy(Holder holder, String name, int slots, Instant since, Instant expires) {}

  /**
   * What comes next.
   *
   * @param at when at the latest, null if nobody can know
   */
  public record NextEvent(String message, Instant at) {}

  static Optional<Link> firstBlocking(List<Link> chain) {
    return chain.stream().filter(link -> link.verdict() == Verdict.BLOCKS).findFirst();
  }
}
