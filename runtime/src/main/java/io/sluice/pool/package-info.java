/**
 * Work pools: their settings, their queues' settings and order, their workers, and the hand-out of
 * due runs to them. A pool's slots are a {@link io.sluice.limit.Limit} with the pool's id.
 */
package io.sluice.pool;
