package io.sluice.load;

import io.sluice.load.history.HistoryChecker;
import io.sluice.load.history.Violation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A burst of runs beside something else, by clients that do not give up and that go on to the next
 * node when one fails; and its verdict.
 */
public final class RunsOnCluster implements AutoCloseable {
  private static final int WORKERS = 3;
  private static final Duration POLL = Duration.ofSeconds(3);
  private static final Duration PREFETCH = Duration.ofSeconds(10);
  private static final Duration SLOTS_FREE_WITHIN = Duration.ofSeconds(10);

  private final BurstPlan plan;
  private final Recorder recorder;
  private final Progress progress = new Progress((created, finished) -> {});
  private final Burst burst;

  /**
   * @param hold how long each run runs
   * @param timeout after which the burst is given up; what has not ended then is a violation
   */
  public RunsOnCluster(
      List<URI> nodes, int runs, int limit, Duration hold, Duration timeout, Recorder recorder) {
    this.recorder = recorder;
    plan =
        new BurstPlan(
            nodes,
            runs,
            BurstPlan.LimitOn.DEPLOYMENT,
            limit,
            hold,
            WORKERS,
            POLL,
            PREFETCH,
            BurstPlan.Collision.ENQUEUE,
            false,
            Optional.empty(),
            true,
            timeout);
    burst = new Burst(plan, recorder, progress);
  }

  /** Plays the burst to its end, and says what was broken. */
  public List<Violation> play() {
    var stage = burst.play();
    var end = burst.inspector().finalState(stage, SLOTS_FREE_WITHIN).join();
    return HistoryChecker.check(recorder.history().ofRuns(), end, plan.limit());
  }

  /** How many runs have been created so far. */
  public int created() {
    return progress.created();
  }

  /** How many runs have ended so far. */
  public int finished() {
    return progress.finished();
  }

  @Override
  public void close() {
    burst.close();
  }
}
