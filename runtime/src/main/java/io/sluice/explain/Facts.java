package io.sluice.explain;

import io.sluice.deployment.Deployment;
import io.sluice.limit.LimitReply.View;
import io.sluice.pool.PoolState;
import io.sluice.run.FlowRun;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What has to be known to explain a run. Everything but the run and the time may be null: it has
 * none, or it is gone.
 *
 * @param dueBefore how many runs of its queue are due before it
 * @param limits named limits of which the run or one of its task runs holds or awaits slots
 * @param taskRuns those of its task runs that run
 * @param names of flow runs that hold slots, by their ids
 */
record Facts(
    FlowRun run,
    Instant now,
    PoolState pool,
    View poolLimit,
    View queueLimit,
    int dueBefore,
    Deployment deployment,
    View deploymentLimit,
    List<View> limits,
    int limitsNotSeen,
    Set<UUID> taskRuns,
    Map<UUID, String> names) {

  /** Whether {@code id} is the run or a task run of it. */
  boolean isOfRun(UUID id) {
    return run.id().equals(id) || taskRuns.contains(id);
  }
}
