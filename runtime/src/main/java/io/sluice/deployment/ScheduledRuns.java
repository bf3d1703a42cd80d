package io.sluice.deployment;

import io.sluice.run.RunCommand.Obsolete;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What the owner of a deployment does with runs. */
public interface ScheduledRuns {

  /** Creates those of {@code planned} that are not there. Asked again it changes nothing. */
  CompletableFuture<Void> schedule(Deployment deployment, List<SchedulePlan.Planned> planned);

  /** Deletes the runs of a deployment that are not wanted any more. */
  CompletableFuture<Void> unschedule(UUID deployment, Obsolete why);
}
