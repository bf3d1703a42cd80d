package io.sluice.history;

/**
 * One line of what the holders of slots saw, about one lease of one limit. Times are of one clock.
 *
 * @param at when
 * @param limit names the limit
 * @param lease names the lease
 * @param slots that it holds
 * @param token fencing token, for {@link Kind#GRANTED}
 * @param sentAt when the request was sent whose answer this is
 * @param lastsFor how long the lease lives after a renewal, 0: until released
 */
public record SlotEntry(
    long at,
    Kind kind,
    String limit,
    String lease,
    int slots,
    long token,
    long sentAt,
    long lastsFor) {

  public enum Kind {
    /** The first request under this lease's name is about to be sent. */
    ASKED,
    /** The answer came that the slots are held. */
    GRANTED,
    /** The answer came that the lease's time began anew. */
    RENEWED,
    /** The answer came that the lease is gone. */
    LEASE_GONE,
    /** The holder is about to give the lease back, or died: it makes no use of it from now on. */
    LET_GO
  }
}
