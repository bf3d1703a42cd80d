package io.sluice.load.history;

/**
 * One line of the log of a test.
 *
 * @param atNanos since the log began, by one monotonic clock
 * @param call the same for all attempts to ask one thing; a proposal that is made again after a
 *     WAIT is another call
 * @param attempt from 1; 0 where nothing was asked
 * @param actor who asked: a worker, the submitter, or {@code node}
 * @param run the id of the run, null if the entry is about none
 * @param status of the HTTP answer, null without one
 * @param verdict on a proposal: ACCEPT, REJECT, WAIT or ABORT; else null
 * @param state type of the state that the answer shows, null if none
 * @param note what else is worth knowing, null if nothing
 * @param slots what it says about slots that are asked for by the names of their limits, null
 *     unless it is about such
 */
public record Entry(
    long atNanos,
    Kind kind,
    long call,
    int attempt,
    String actor,
    Op op,
    String run,
    Integer status,
    String verdict,
    String state,
    String note,
    Slots slots) {

  /** What an entry says. */
  public enum Kind {
    /** A request is about to be sent. */
    SENT,
    /** Its answer has come, whatever it says. */
    ANSWERED,
    /** No answer will come: the server may or may not have done what was asked. */
    LOST,
    /** The node was killed and is gone. */
    KILLED,
    /** The node answers. */
    STARTED
  }

  /** Whether a 2xx came. */
  public boolean isSuccess() {
    return kind == Kind.ANSWERED && status != null && status / 100 == 2;
  }

  /**
   * Whether the asker may go on as if its proposal of {@code type} was taken: Prefect's client
   * looks at the state it gets back, so a repeated proposal that is rejected with that state
   * counts.
   */
  public boolean grants(Op asked, String type) {
    return op == asked
        && isSuccess()
        && type.equals(state)
        && ("ACCEPT".equals(verdict) || "REJECT".equals(verdict));
  }
}
