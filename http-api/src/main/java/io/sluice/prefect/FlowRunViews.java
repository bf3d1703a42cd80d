package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.node.Owners;
import io.sluice.queue.WorkQueues;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRuns;
import io.sluice.run.Place;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Flow runs with the work queues they are in, as those are now. A queue that was deleted leaves its
 * runs nothing but the name they asked for (Prefect 3.8.8, database/orm_models.py FlowRun: the
 * foreign key work_queue_id is set null, the column work_queue_name stays).
 */
final class FlowRunViews {
  private final WorkQueues queues;
  private final InstantSource clock;

  FlowRunViews(Owners owners, InstantSource clock) {
    this.queues = owners.queues();
    this.clock = clock;
  }

  CompletableFuture<FlowRunJson> of(FlowRun run) {
    return of(List.of(run)).thenApply(all -> all.get(0));
  }

  CompletableFuture<List<FlowRunJson>> of(List<FlowRun> runs) {
    var asked =
        runs.stream()
            .map(run -> run.spec().place())
            .filter(Objects::nonNull)
            .map(Place::queueId)
            .toList();
    return queues
        .places(asked)
        .thenApply(
            there -> {
              var now = clock.instant();
              return runs.stream()
                  .map(
                      run -> {
                        var place = run.spec().place();
                        return FlowRunJson.of(
                            run, place == null ? null : there.get(place.queueId()), now);
                      })
                  .toList();
            });
  }

  /** The answer to who created a run, or found it by its idempotency key. */
  CompletableFuture<Answer> created(FlowRuns.Created made) {
    var run = made.run();
    return made.isNew()
        ? CompletableFuture.completedFuture(
            // Its queue was looked up a moment ago.
            Answer.created(FlowRunJson.of(run, run.spec().place(), clock.instant())))
        : of(run).thenApply(Answer::ok);
  }
}
