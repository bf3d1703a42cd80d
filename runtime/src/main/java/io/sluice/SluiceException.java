package io.sluice;

import java.util.List;

/**
 * Why a request was not granted. The message is for people: what happened, with figures, and what
 * to do about it. Nothing is held after it was thrown.
 */
public abstract sealed class SluiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String next;

  private SluiceException(String what, String next, Throwable cause) {
    super(what + " " + next, cause);
    this.next = next;
  }

  /** What to do about it; the message ends with it. */
  public String next() {
    return next;
  }

  /** The slots did not come free in the time that was given for waiting. */
  public static final class NotInTime extends SluiceException {
    private static final long serialVersionUID = 1L;

    private final transient List<LimitState> limits;

    NotInTime(String what, String next, List<LimitState> limits) {
      super(what, next, null);
      this.limits = List.copyOf(limits);
    }

    /** Those of the limits that had no room; empty if they could not be asked any more. */
    public List<LimitState> limits() {
      return limits == null ? List.of() : limits;
    }
  }

  /** A limit does not exist, or was deleted meanwhile. */
  public static final class NoSuchLimit extends SluiceException {
    private static final long serialVersionUID = 1L;

    private final String limit;

    NoSuchLimit(String limit) {
      super(
          "There is no limit '%s'.".formatted(limit),
          "Define it first, with Sluice.define, or correct the name.",
          null);
      this.limit = limit;
    }

    /** The name that was asked for. */
    public String limit() {
      return limit;
    }
  }

  /** A rule turned the request down; asking again does not help until something is changed. */
  public static final class Refused extends SluiceException {
    private static final long serialVersionUID = 1L;

    Refused(String what, String next, Throwable cause) {
      super(what, next, cause);
    }
  }

  /** The owner of a limit or the store does not answer. What was asked may be repeated. */
  public static final class Unavailable extends SluiceException {
    private static final long serialVersionUID = 1L;

    Unavailable(String what, Throwable cause) {
      super(what, "Ask again later; the log of the node says more.", cause);
    }
  }

  /** This process has as many leases and waiting requests as it may. */
  public static final class TooMany extends SluiceException {
    private static final long serialVersionUID = 1L;

    TooMany(String what, String next) {
      super(what, next, null);
    }
  }

  /** The {@link Sluice} is closed, or was closed during the wait. */
  public static final class Closed extends SluiceException {
    private static final long serialVersionUID = 1L;

    Closed() {
      super("This Sluice is closed.", "Start it again to go on.", null);
    }
  }
}
