package io.sluice.load.history;

/**
 * A time for which a run surely held a slot: from when its worker was told so, to when the first
 * request that may have ended it was sent. The server's own view can only be longer.
 *
 * @param toNanos the end of the log if nothing ended it
 */
public record Hold(String run, String worker, long fromNanos, long toNanos) {}
