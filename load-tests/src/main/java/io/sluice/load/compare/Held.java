package io.sluice.load.compare;

/**
 * A time for which a client surely held a slot; the server's own view can only be longer. Times are
 * nanoseconds since the round began.
 *
 * @param holder number of the client
 * @param asked when it asked first
 * @param granted when it was told so
 * @param released just before it gave the slot back
 */
public record Held(int holder, long asked, long granted, long released) {
  long waited() {
    return granted - asked;
  }
}
