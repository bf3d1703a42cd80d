package io.sluice.load.faults;

import io.sluice.load.history.SlotTruth.Cut;
import java.util.List;

/**
 * A fault that took place.
 *
 * @param fromNanos when it struck, by the clock of the log
 * @param toNanos when all that it broke was there again
 * @param cut the node that the others could not reach, as clients name it; null if none
 * @param hit whether there is proof that it struck
 * @param evidence the proof, in words
 */
record Strike(long fromNanos, long toNanos, Cut cut, boolean hit, List<String> evidence) {}
