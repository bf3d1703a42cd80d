package io.sluice.run;

import static io.sluice.rejection.Rejection.NotFound.What.FLOW_RUN;

import io.sluice.cluster.Together;
import io.sluice.owner.RowOwners;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import io.sluice.store.TimeOrderedId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jooq.Field;
import org.jooq.impl.DSL;

/**
 * All flow runs, wherever their owners are. Futures fail with {@link Refused} when a rule turns the
 * request down, and with {@link StoreUnavailable} when store or owner do not answer.
 */
public final class FlowRuns {
  private static final Field<UUID> FLOW = DSL.field(DSL.name("flow_id"), UUID.class);
  private static final Field<String> KEY = DSL.field(DSL.name("idempotency_key"), String.class);

  /** A run, and whether this request created it. */
  public record Created(FlowRun run, boolean isNew) {}

  private final RowOwners owners;
  private final Store store;
  private final FlowRunTable table;
  private final InstantSource clock;
  private final RunBatch batch;
  private final AtomicInteger creating = new AtomicInteger();

  public FlowRuns(ActorSystem<?> system, Store store, Surroundings others, InstantSource clock) {
    var config = system.settings().config().getConfig("sluice");
    this.store = store;
    var bounds = WakeBounds.from(config.getConfig("run"));
    this.table = new FlowRunTable(store, bounds);
    this.clock = clock;
    this.batch = new RunBatch(store, table, others, clock);
    var shared =
        new FlowRunActor.Shared(
            store, table, others, clock, SlotSettings.from(config.getConfig("run")), bounds);
    this.owners =
        new RowOwners(
            system, store, "flow-run", (id, settings) -> FlowRunActor.create(id, shared, settings));
  }

  private CompletableFuture<RunReply> ask(UUID run, RunCommand command, Duration patience) {
    return owners
        .<RunReply>ask(run, replyTo -> new FlowRunActor.Execute(command, replyTo), patience)
        .thenApply(
            reply -> {
              if (reply instanceof RunReply.Unavailable unavailable) {
                throw new StoreUnavailable(unavailable.why(), null);
              } else if (reply instanceof RunReply.NoSuchRun) {
                throw new Refused(new Rejection.NotFound(FLOW_RUN, run.toString()));
              }
              return reply;
            });
  }

  private CompletableFuture<RunReply> ask(UUID run, RunCommand command) {
    return ask(run, command, Duration.ZERO);
  }

  /**
   * Creates a run in {@code state}. If a run of the same flow has the same idempotency key, that
   * one is returned as it is.
   */
  public CompletableFuture<Created> create(
      RunSpec spec, FlowRunPolicy policy, ProposedState state) {
    if (spec.idempotencyKey() == null) {
      return createNew(spec, policy, state);
    }
    return byKey(spec)
        .thenCompose(
            known ->
                known
                    .map(run -> CompletableFuture.completedFuture(new Created(run, false)))
                    .orElseGet(() -> createNew(spec, policy, state)));
  }

  /**
   * A run to be created with others.
   *
   * @param spec if a run of its flow, or an earlier plan, has its idempotency key, it stands for
   *     that one
   */
  public record Plan(RunSpec spec, FlowRunPolicy policy, ProposedState state) {}

  /**
   * Creates runs of one flow, all or none: they are written in one transaction.
   *
   * @return in the order of {@code plans}; done when the queues know of all
   */
  public CompletableFuture<List<Made>> createAll(UUID flow, List<Plan> plans) {
    creating.incrementAndGet();
    return batch.create(flow, plans).whenComplete((made, failure) -> creating.decrementAndGet());
  }

  /** A run that {@link #createAll} created or found by its idempotency key. */
  public record Made(UUID id, boolean isNew) {}

  /** Whether runs are being created by way of this node right now. */
  public boolean isCreating() {
    return creating.get() > 0;
  }

  private CompletableFuture<Created> createNew(
      RunSpec spec, FlowRunPolicy policy, ProposedState state) {
    var id = TimeOrderedId.at(clock.instant());
    creating.incrementAndGet();
    return ask(id, new RunCommand.Create(spec, policy, state))
        .whenComplete((reply, failure) -> creating.decrementAndGet())
        .thenCompose(
            reply ->
                reply instanceof RunReply.Found found
                    ? CompletableFuture.completedFuture(new Created(found.run(), true))
                    : byKey(spec).thenApply(run -> new Created(run.orElseThrow(), false)));
  }

  /** Those of {@code keys} that runs of a flow have. */
  public CompletableFuture<Set<String>> known(UUID flow, Collection<String> keys) {
    return store.read(
        sql ->
            sql.select(KEY)
                .from(FlowRunTable.RUN)
                .where(FLOW.eq(flow))
                .and(KEY.in(keys))
                .fetchSet(KEY));
  }

  private CompletableFuture<Optional<FlowRun>> byKey(RunSpec spec) {
    return store.read(
        sql ->
            sql.select(FlowRunTable.DOC, FlowRunTable.PAYLOAD)
                .from(FlowRunTable.RUN)
                .where(FLOW.eq(spec.flowId()))
                .and(KEY.eq(spec.idempotencyKey()))
                .fetchOptional(FlowRunTable::run));
  }

  /** Refused if there is no such run. */
  public CompletableFuture<FlowRun> get(UUID id) {
    return ask(id, new RunCommand.Get()).thenApply(reply -> ((RunReply.Found) reply).run());
  }

  /** Those of {@code ids} that exist, in their order. */
  public CompletableFuture<List<FlowRun>> getAll(Collection<UUID> ids) {
    var asked = ids.stream().map(id -> Refused.orEmpty(Rejection.NotFound.class, get(id))).toList();
    return Together.all(asked).thenApply(all -> all.stream().flatMap(Optional::stream).toList());
  }

  /** Asks a run to enter a state; may take as long as the proposal may be held. */
  public CompletableFuture<RunReply.Ruled> propose(UUID id, Proposal proposal) {
    return ask(id, new RunCommand.Propose(proposal), proposal.hold())
        .thenApply(reply -> (RunReply.Ruled) reply);
  }

  /** The proposer is gone: its proposal no longer waits. */
  public void withdraw(UUID id, UUID proposal) {
    tell(id, new RunCommand.Withdraw(proposal));
  }

  /** The run is handed to {@code worker}, who will propose it PENDING. */
  public void offer(UUID id, String worker) {
    tell(id, new RunCommand.Offer(worker));
  }

  /** Something was heard of the process that runs it. */
  public void heard(UUID id) {
    tell(id, new RunCommand.Heard());
  }

  /** Has the run do what is due; nothing if nothing is. Gone runs are no failure. */
  public CompletableFuture<Void> wake(UUID id) {
    return ask(id, new RunCommand.Wake())
        .<Void>thenApply(done -> null)
        .exceptionally(Refused.or(Rejection.NotFound.class, null));
  }

  /** Cancels the unfinished runs that {@code parent} started. */
  public CompletableFuture<Void> cancelBelow(UUID parent) {
    return store
        .read(sql -> table.unfinishedBelow(sql, parent))
        .thenCompose(ids -> Together.done(ids.stream().map(this::cancelChild).toList()));
  }

  private CompletableFuture<Void> cancelChild(UUID id) {
    return get(id)
        .thenCompose(
            run ->
                WakeCall.cancelWithParent(run)
                    .map(
                        state ->
                            propose(
                                    id,
                                    new Proposal(
                                        UUID.randomUUID(), state, false, true, "", Duration.ZERO))
                                .<Void>thenApply(done -> null))
                    .orElseGet(() -> CompletableFuture.completedFuture(null)))
        .exceptionally(Refused.or(Rejection.NotFound.class, null));
  }

  private void tell(UUID id, RunCommand command) {
    ask(id, command).exceptionally(unheard -> null);
  }

  /** Refused with {@link Rejection.NotInThisState} if the run's state does not allow it. */
  public CompletableFuture<Void> change(UUID id, RunCommand.Change change) {
    return ask(id, change)
        .thenAccept(
            reply -> {
              if (reply instanceof RunReply.NotNow notNow) {
                throw new Refused(
                    new Rejection.NotInThisState("Job variables", notNow.state().name()));
              }
            });
  }

  public CompletableFuture<Void> addLabels(UUID id, RunCommand.AddLabels labels) {
    return ask(id, labels).thenApply(reply -> null);
  }

  public CompletableFuture<Void> delete(UUID id) {
    return ask(id, new RunCommand.Delete()).thenApply(reply -> null);
  }

  /** Deletes those runs of a deployment that {@code why} makes obsolete. */
  public CompletableFuture<Void> unscheduleOf(UUID deployment, RunCommand.Obsolete why) {
    return store
        .read(sql -> table.scheduledOf(sql, deployment))
        .thenCompose(
            ids ->
                Together.done(
                    ids.stream()
                        .map(
                            id ->
                                ask(id, new RunCommand.Unschedule(why))
                                    .exceptionally(Refused.or(Rejection.NotFound.class, null)))
                        .toList()));
  }

  /** The states a run entered, oldest first. */
  public CompletableFuture<List<State>> history(UUID run) {
    return store.read(sql -> table.history(sql, run));
  }

  /** A state that any run entered. */
  public CompletableFuture<Optional<State>> state(UUID state) {
    return store.read(sql -> table.state(sql, state));
  }
}
