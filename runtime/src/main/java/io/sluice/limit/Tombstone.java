package io.sluice.limit;

import java.time.Duration;

/**
 * What is left of a lease whose slots were taken from it before its time was up. Its holder does
 * not know, and may still say that it gives the lease back: the other limits that were taken with
 * it are named nowhere else.
 *
 * @param lease as it was; it ends by itself, and what is left of it then too
 * @param renewable whether its holder may go on renewing it, as if it still held something
 */
public record Tombstone(Lease lease, boolean renewable) {

  Tombstone lasting(Duration duration) {
    return new Tombstone(lease.lasting(duration), renewable);
  }
}
