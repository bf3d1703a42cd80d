package io.sluice.run;

import java.util.UUID;

/** The work queue a run waits in, and its pool. Names are those of the time of creation. */
public record Place(UUID queueId, String queueName, UUID poolId, String poolName) {}
