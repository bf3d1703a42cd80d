package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;

/**
 * A lease as its holder knows it. It surely holds its slots from when the holder was told of the
 * grant to when the first request that gives it back was sent, but not beyond the time at which it
 * may have ended by itself: a lease duration after the last request that was answered well and gave
 * it that duration had been sent. The server's own view can only be longer.
 */
final class Tenure {
  private static final long SECOND = 1_000_000_000L;

  private final Attempt grant;
  private long mayEndNanos;
  private long releaseSentNanos = Long.MAX_VALUE;
  private long releasedNanos = Long.MAX_VALUE;

  Tenure(Attempt grant) {
    this.grant = grant;
    this.mayEndNanos = grant.sentNanos() + grant.asked().leaseSeconds() * SECOND;
  }

  void renewed(long mayEndNanos) {
    this.mayEndNanos = Math.max(this.mayEndNanos, mayEndNanos);
  }

  void released(Entry entry) {
    if (entry.kind() == Kind.SENT) {
      releaseSentNanos = Math.min(releaseSentNanos, entry.atNanos());
    } else if (entry.isSuccess()) {
      releasedNanos = Math.min(releasedNanos, entry.atNanos());
    }
  }

  Attempt grant() {
    return grant;
  }

  boolean names(String limit) {
    return grant.names(limit);
  }

  /** From then on it surely holds. */
  long fromNanos() {
    return grant.endNanos();
  }

  /** From then on it may hold no more; before {@link #fromNanos()} if it never surely did. */
  long toNanos() {
    return Math.min(releaseSentNanos, mayEndNanos);
  }

  /** Whether it surely holds all the time from one to the other. */
  boolean spans(long from, long to) {
    return fromNanos() <= from && to < toNanos();
  }

  /** From then on it surely holds no more: its holder was told so. */
  long surelyOverNanos() {
    return releasedNanos;
  }
}
