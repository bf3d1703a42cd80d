package io.sluice.queue;

import java.util.UUID;

/**
 * What the owner of a queue has to know of its settings and its pool's.
 *
 * @param label for people: pool and queue name
 * @param limit of the queue, null for none
 * @param poolLimited whether the pool has a limit of its own
 */
public record QueueTerms(
    UUID poolId, String label, int priority, Integer limit, boolean poolLimited) {}
