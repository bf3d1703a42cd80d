/**
 * Work queues: which runs wait in them, in which order they are due, and which runs occupy them.
 * Their slots are a {@link io.sluice.limit.Limit} with the queue's id.
 */
package io.sluice.queue;
