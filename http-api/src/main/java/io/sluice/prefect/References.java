package io.sluice.prefect;

import static io.sluice.rejection.Rejection.NotFound.What.BLOCK;
import static io.sluice.rejection.Rejection.NotFound.What.TASK_RUN;

import io.sluice.block.BlockDocuments;
import io.sluice.cluster.Together;
import io.sluice.node.Owners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.rejection.Rejection.NotFound.What;
import io.sluice.task.TaskRuns;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Refuses ids of what is not there, as the foreign keys of Prefect 3.8.8 do. */
final class References {
  private final TaskRuns tasks;
  private final BlockDocuments blocks;

  References(Owners owners) {
    this.tasks = owners.taskRuns();
    this.blocks = owners.blocks().documents();
  }

  /** Refused with {@link Rejection.Dangling} if there is no such task run; null is fine. */
  CompletableFuture<Void> task(UUID id) {
    return id == null
        ? CompletableFuture.completedFuture(null)
        : there(TASK_RUN, id, tasks.get(id).thenApply(found -> null));
  }

  /** The same for a block. */
  CompletableFuture<Void> block(Optional<UUID> id) {
    return blocks(id.stream().toList());
  }

  /** The same for several. */
  CompletableFuture<Void> blocks(List<UUID> ids) {
    return Together.done(
        ids.stream().map(id -> there(BLOCK, id, blocks.get(id).thenApply(found -> null))).toList());
  }

  private static CompletableFuture<Void> there(What what, UUID id, CompletableFuture<Void> found) {
    return found.exceptionallyCompose(
        Refused.orElse(
            Rejection.NotFound.class,
            () ->
                CompletableFuture.failedFuture(
                    new Refused(new Rejection.Dangling(what, id.toString())))));
  }
}
