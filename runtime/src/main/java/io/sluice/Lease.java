package io.sluice;

import java.util.List;
import java.util.UUID;

/**
 * Slots that are held. A lease renews itself at a third of its duration until it is closed or lost;
 * no thread is needed for that but one that all leases of a {@link Sluice} share.
 *
 * <p>A lease can be lost: it is revoked by an operator, as by {@link Sluice#delete}, or this
 * process does not reach the limit's owner for the whole duration (a long pause of the JVM is such
 * a case). Then somebody else may hold the slots. What must not happen twice is guarded by the
 * {@linkplain #fencingToken() fencing token}: hand it to the resource, which refuses a lower one
 * than it has seen.
 *
 * <p>All methods may be called from any thread; none waits.
 */
public interface Lease extends AutoCloseable {

  /** Names the lease among all others. */
  UUID id();

  /** The limits whose slots it holds, as in the request. */
  List<String> limits();

  /**
   * Whether the slots are held, as far as this process knows: neither closed nor lost, and the
   * duration has not passed since the last renewal that was answered. Never true again once false.
   */
  boolean isHeld();

  /**
   * The fencing token of a lease of one limit: higher than that of any lease that was granted for
   * this limit before, also over restarts; 0 if the limit was disabled when it was granted.
   *
   * @throws IllegalStateException if the lease is of several limits
   */
  long fencingToken();

  /**
   * The fencing token for {@code limit}.
   *
   * @throws IllegalArgumentException if the lease is not of this limit
   */
  long fencingToken(String limit);

  /**
   * Gives the slots back: the next in line has them as soon as that is written. Returns at once.
   * Without effect if the lease is closed or lost; never throws. If the owner cannot be reached,
   * the slots come back when the duration has passed.
   */
  @Override
  void close();
}
