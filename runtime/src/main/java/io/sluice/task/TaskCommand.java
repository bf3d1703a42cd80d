package io.sluice.task;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import io.sluice.cluster.SealedNames;
import io.sluice.run.Progress;
import io.sluice.run.ProposedState;
import io.sluice.run.State;
import java.util.UUID;

/** What may be asked of the owner of a task run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "is")
@JsonTypeIdResolver(SealedNames.class)
public sealed interface TaskCommand {

  record Get() implements TaskCommand {}

  /** Brings the run into being; {@code state} may be null. */
  record Create(TaskRunSpec spec, ProposedState state) implements TaskCommand {}

  /**
   * Asks the run to enter a state.
   *
   * @param id names the request, so that it can be withdrawn
   * @param force no rule applies, but those of background tasks to a deferred state
   * @param mayHold whether it may be held while it waits for slots of its tags' limits
   */
  record Propose(UUID id, ProposedState state, boolean force, boolean mayHold)
      implements TaskCommand {}

  /** The proposer is gone. */
  record Withdraw(UUID proposal) implements TaskCommand {}

  /**
   * A client says what its task run did. Said again, or after something newer, it only adds to the
   * history.
   */
  record Observe(TaskRunSpec spec, Progress progress, int flowRunRunCount, State state)
      implements TaskCommand {}

  record Rename(String name) implements TaskCommand {}

  record Delete() implements TaskCommand {}

  /** The flow run has ended: slots that were taken for the task run are free. */
  record FlowEnded() implements TaskCommand {}
}
