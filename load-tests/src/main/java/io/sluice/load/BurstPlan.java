package io.sluice.load;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a burst consists of.
 *
 * @param nodes the APIs of all nodes; one but for a cluster
 * @param limitOn what has the limit that decides
 * @param limit its slots
 * @param hold how long each run runs
 * @param poll how often a worker asks for runs, before jitter
 * @param prefetch how far ahead a worker asks
 * @param full whether the requests around the state changes are sent as well
 * @param poolLimit slots of the work pool and of its queue beside a limit of the deployment, empty
 *     for none
 * @param stubborn whether clients go on asking where Prefect's give up, and mark a creation that is
 *     sent again as the same: then nothing that the server promised gets lost with a client
 * @param timeout after which the burst is given up
 */
record BurstPlan(
    List<URI> nodes,
    int runs,
    LimitOn limitOn,
    int limit,
    Duration hold,
    int workers,
    Duration poll,
    Duration prefetch,
    Collision collision,
    boolean full,
    Optional<Integer> poolLimit,
    boolean stubborn,
    Duration timeout) {

  /** What may have a limit for the runs in it. */
  enum LimitOn {
    DEPLOYMENT,
    POOL,
    QUEUE
  }

  /** What becomes of a run that finds the limit full. */
  enum Collision {
    ENQUEUE,
    CANCEL_NEW
  }
}
