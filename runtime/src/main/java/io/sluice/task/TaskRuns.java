package io.sluice.task;

import static io.sluice.rejection.Rejection.NotFound.What.TASK_RUN;

import io.sluice.cluster.Together;
import io.sluice.limit.Limits;
import io.sluice.owner.RowOwners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.ProposedState;
import io.sluice.run.State;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import io.sluice.store.TimeOrderedId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * All task runs, wherever their owners are. Futures fail with {@link Refused} when a rule turns the
 * request down, and with {@link StoreUnavailable} when store or owner do not answer.
 */
public final class TaskRuns {

  /** A task run, and whether this request created it. */
  public record Created(TaskRun run, boolean isNew) {}

  private final Store store;
  private final TaskRunTable table;
  private final InstantSource clock;
  private final RowOwners owners;
  private final Duration holdMost;

  /**
   * @param flow what the rules ask of a flow run
   * @param chance random numbers from 0 (included) to 1 (excluded), all equally likely
   */
  public TaskRuns(
      ActorSystem<?> system,
      Store store,
      Limits limits,
      Function<UUID, CompletableFuture<Optional<TaskDraft.FlowFacts>>> flow,
      InstantSource clock,
      DoubleSupplier chance) {
    this.store = store;
    this.table = new TaskRunTable(store);
    this.clock = clock;
    var bounds = TaskSlotBounds.from(system.settings().config().getConfig("sluice.task"));
    this.holdMost = bounds.longestHold();
    var shared =
        new TaskRunActor.Shared(
            store, table, new TaskCache(store), limits, flow, clock, chance, bounds);
    this.owners =
        new RowOwners(
            system, store, "task-run", (id, settings) -> TaskRunActor.create(id, shared, settings));
  }

  private CompletableFuture<TaskReply> ask(UUID run, TaskCommand command, Duration patience) {
    return owners
        .<TaskReply>ask(run, replyTo -> new TaskRunActor.Execute(command, replyTo), patience)
        .thenApply(
            reply -> {
              if (reply instanceof TaskReply.Unavailable unavailable) {
                throw new StoreUnavailable(unavailable.why(), null);
              } else if (reply instanceof TaskReply.NoSuchRun) {
                throw new Refused(new Rejection.NotFound(TASK_RUN, run.toString()));
              }
              return reply;
            });
  }

  private CompletableFuture<TaskReply> ask(UUID run, TaskCommand command) {
    return ask(run, command, Duration.ZERO);
  }

  /**
   * Creates a task run. If its flow run has one with the same task and dynamic key, that one is
   * returned as it is. Refused if {@code id} is that of another task run.
   *
   * @param id chosen by the client, or null
   * @param state may be null
   */
  public CompletableFuture<Created> create(UUID id, TaskRunSpec spec, ProposedState state) {
    return store
        .read(sql -> table.find(sql, spec.flowRunId(), spec.taskKey(), spec.dynamicKey()))
        .thenCompose(
            known ->
                known
                    .map(run -> CompletableFuture.completedFuture(new Created(run, false)))
                    .orElseGet(() -> createNew(id, spec, state)));
  }

  private CompletableFuture<Created> createNew(UUID chosen, TaskRunSpec spec, ProposedState state) {
    var id = chosen == null ? TimeOrderedId.at(clock.instant()) : chosen;
    return ask(id, new TaskCommand.Create(spec, state))
        .thenCompose(
            reply ->
                reply instanceof TaskReply.Found found
                    ? CompletableFuture.completedFuture(created(found.run(), spec))
                    : store
                        .read(
                            sql ->
                                table.find(
                                    sql, spec.flowRunId(), spec.taskKey(), spec.dynamicKey()))
                        .thenApply(run -> new Created(run.orElseThrow(), false)));
  }

  private static Created created(TaskRun run, TaskRunSpec asked) {
    if (!run.spec().isSameAs(asked)) {
      throw new Refused(new Rejection.IdTaken(TASK_RUN, run.id()));
    }
    return new Created(run, true);
  }

  /** Refused if there is no such task run. */
  public CompletableFuture<TaskRun> get(UUID id) {
    return ask(id, new TaskCommand.Get()).thenApply(reply -> ((TaskReply.Found) reply).run());
  }

  public CompletableFuture<TaskReply.Ruled> propose(UUID id, TaskCommand.Propose propose) {
    return ask(id, propose, propose.mayHold() ? holdMost : Duration.ZERO)
        .thenApply(reply -> (TaskReply.Ruled) reply);
  }

  /** The proposer is gone: its proposal no longer waits. */
  public void withdraw(UUID id, UUID proposal) {
    ask(id, new TaskCommand.Withdraw(proposal)).exceptionally(unheard -> null);
  }

  /** Takes note of what a client says that its task run did. */
  public CompletableFuture<Void> observe(UUID id, TaskCommand.Observe observe) {
    return ask(id, observe).thenApply(reply -> null);
  }

  public CompletableFuture<Void> rename(UUID id, String name) {
    return ask(id, new TaskCommand.Rename(name)).thenApply(reply -> null);
  }

  public CompletableFuture<Void> delete(UUID id) {
    return ask(id, new TaskCommand.Delete()).thenApply(reply -> null);
  }

  /** Deletes the task runs of a flow run. */
  public CompletableFuture<Void> deleteOf(UUID flowRun) {
    return store
        .read(sql -> table.ofFlowRun(sql, flowRun))
        .thenCompose(
            ids ->
                Together.done(
                    ids.stream()
                        .map(
                            id ->
                                delete(id)
                                    .exceptionally(Refused.or(Rejection.NotFound.class, null)))
                        .toList()));
  }

  /** Cancels the unfinished task runs of a flow run that was cancelled. */
  public CompletableFuture<Void> cancelOf(UUID flowRun, String message) {
    return store
        .read(sql -> table.unfinishedOf(sql, flowRun))
        .thenCompose(ids -> Together.done(ids.stream().map(id -> cancel(id, message)).toList()));
  }

  private CompletableFuture<Void> cancel(UUID id, String message) {
    var cancelled = ProposedState.cancelled(message);
    return propose(id, new TaskCommand.Propose(UUID.randomUUID(), cancelled, true, false))
        .<Void>thenApply(done -> null)
        .exceptionally(Refused.or(Rejection.NotFound.class, null));
  }

  /** Frees the slots that were taken for task runs of a flow run that has ended. */
  public CompletableFuture<Void> releaseOf(UUID flowRun) {
    return store
        .read(sql -> table.holdingSlotsOf(sql, flowRun))
        .thenAccept(
            ids ->
                ids.forEach(
                    id -> ask(id, new TaskCommand.FlowEnded()).exceptionally(gone -> null)));
  }

  /** The states a task run entered, oldest first. */
  public CompletableFuture<List<State>> history(UUID run) {
    return store.read(sql -> table.history(sql, run));
  }

  /** A state that any task run entered. */
  public CompletableFuture<Optional<State>> state(UUID state) {
    return store.read(sql -> table.state(sql, state));
  }
}
