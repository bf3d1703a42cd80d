package io.sluice.task;

import io.sluice.cluster.Why;
import io.sluice.limit.Limits;
import io.sluice.owner.RowOwner;
import io.sluice.run.Progress;
import io.sluice.run.ProposedState;
import io.sluice.run.Ruling;
import io.sluice.run.State;
import io.sluice.run.StateType;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import io.sluice.store.TimeOrderedId;
import io.sluice.task.TaskCommand.Observe;
import io.sluice.task.TaskCommand.Propose;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The owner of one task run. */
final class TaskRunActor extends RowOwner<TaskCommand, TaskReply, TaskRun> {

  record Execute(TaskCommand command, UUID request, ActorRef<TaskReply> replyTo)
      implements RowOwner.Ask<TaskCommand, TaskReply> {
    Execute(TaskCommand command, ActorRef<TaskReply> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /**
   * What all owners of task runs on a node share.
   *
   * @param flow what the rules ask of a flow run
   * @param chance random numbers from 0 (included) to 1 (excluded)
   */
  record Shared(
      Store store,
      TaskRunTable table,
      TaskCache cache,
      Limits limits,
      Function<UUID, CompletableFuture<Optional<TaskDraft.FlowFacts>>> flow,
      InstantSource clock,
      DoubleSupplier chance,
      TaskSlotBounds bounds) {}

  private static final Set<StateType> HOLD_SLOTS =
      EnumSet.of(StateType.RUNNING, StateType.CANCELLING);

  private final UUID id;
  private final Shared shared;
  private TaskSlots slots;
  private UUID proposal;

  private TaskRunActor(UUID id, Shared shared, Settings settings, ActorContext<Message> context) {
    super(settings, context);
    this.id = id;
    this.shared = shared;
    this.slots = new TaskSlots(shared.limits(), shared.bounds(), id);
  }

  static Behavior<Message> create(UUID id, Shared shared, Settings settings) {
    return Behaviors.setup(context -> new TaskRunActor(id, shared, settings, context));
  }

  @Override
  protected CompletableFuture<TaskRun> read() {
    return shared.store().read(sql -> shared.table().find(sql, id).orElse(null));
  }

  @Override
  protected boolean answerAtOnce(TaskCommand command, ActorRef<TaskReply> replyTo) {
    if (command instanceof TaskCommand.Withdraw gone) {
      forget(waiting -> waiting instanceof Propose p && p.id().equals(gone.proposal()));
      if (gone.proposal().equals(proposal)) {
        slots.withdraw(null);
      }
    } else if (!(command instanceof TaskCommand.Get)) {
      return false;
    }
    replyTo.tell(present());
    return true;
  }

  @Override
  protected boolean creates(TaskCommand command) {
    return command instanceof TaskCommand.Create;
  }

  private TaskReply present() {
    return state() == null ? new TaskReply.NoSuchRun() : new TaskReply.Found(state());
  }

  @Override
  protected void hurry() {
    slots.withdraw(Duration.ofSeconds(5));
  }

  @Override
  protected void perform(TaskCommand command, ActorRef<TaskReply> replyTo) {
    if (command instanceof TaskCommand.Create create && state() == null) {
      create(create, replyTo);
    } else if (command instanceof Observe observe) {
      observe(observe, replyTo);
    } else if (state() == null || command instanceof TaskCommand.Create) {
      end(replyTo, present());
    } else if (command instanceof Propose propose) {
      propose(propose, replyTo);
    } else if (command instanceof TaskCommand.Rename rename) {
      update(state().with(state().spec().named(rename.name()), now()), List.of(), replyTo);
    } else if (command instanceof TaskCommand.FlowEnded) {
      whenFree(state(), () -> end(replyTo, present()), replyTo);
    } else {
      delete(replyTo);
    }
  }

  @Override
  protected Instant now() {
    return shared.clock().instant();
  }

  private void end(ActorRef<TaskReply> replyTo, TaskReply reply) {
    proposal = null;
    replyTo.tell(reply);
    done();
  }

  private void failed(ActorRef<TaskReply> replyTo, Throwable failure) {
    end(
        replyTo,
        Store.isDuplicate(failure) ? new TaskReply.Exists() : unavailable(Why.of(failure)));
  }

  // ---- creating, observing, deleting ----

  private void create(TaskCommand.Create create, ActorRef<TaskReply> replyTo) {
    var now = now();
    var run = TaskRun.created(id, create.spec(), now);
    var entered = new ArrayList<State>();
    if (create.state() != null) {
      var state = stamped(run, create.state().scheduledBy(now), now);
      run = run.entering(state, 0, 0, null);
      entered.add(state);
    }
    var after = run;
    write(
        shared.table().insert(after, entered),
        after,
        () -> end(replyTo, present()),
        failure -> failed(replyTo, failure));
  }

  private void observe(Observe observe, ActorRef<TaskReply> replyTo) {
    var seen = observe.state();
    var known = state();
    if (known == null) {
      var run = observed(observe, seen.timestamp(), 0);
      write(
          shared.table().insert(run, List.of(seen)),
          run,
          () -> end(replyTo, present()),
          failure -> failed(replyTo, failure));
    } else if (known.state() != null && !seen.timestamp().isAfter(known.state().timestamp())) {
      remember(seen, replyTo);
    } else {
      update(observed(observe, known.created(), known.version() + 1), List.of(seen), replyTo);
    }
  }

  private TaskRun observed(Observe observe, Instant created, long version) {
    var progress = observe.progress();
    var before = state() == null ? Progress.NONE : state().progress();
    return new TaskRun(
        id,
        version,
        created,
        observe.state().timestamp(),
        observe.spec(),
        state() == null ? null : state().lease(),
        observe.flowRunRunCount(),
        progress.expectedStart() == null
            ? progress.withExpectedStart(before.expectedStart())
            : progress,
        observe.state());
  }

  /** An older state, or one that was said before. */
  private void remember(State seen, ActorRef<TaskReply> replyTo) {
    write(
        List.of(TaskRunTable.entered(id, seen)),
        state(),
        () -> end(replyTo, present()),
        failure -> {
          if (Store.isDuplicate(failure)) {
            end(replyTo, present());
          } else {
            failed(replyTo, failure);
          }
        });
  }

  private void update(TaskRun after, List<State> entered, ActorRef<TaskReply> replyTo) {
    write(
        shared.table().update(state(), after, entered),
        after,
        () -> end(replyTo, present()),
        failure -> failed(replyTo, failure));
  }

  private void delete(ActorRef<TaskReply> replyTo) {
    var before = state();
    whenFree(
        before,
        () ->
            write(
                shared.table().delete(before),
                null,
                () -> end(replyTo, new TaskReply.Found(before)),
                failure -> failed(replyTo, failure)),
        replyTo);
  }

  /**
   * Goes on when the slots that the run holds are given back: only its row knows of them. If that
   * fails nothing is changed, and whoever asks again has it done.
   */
  private void whenFree(TaskRun run, Runnable next, ActorRef<TaskReply> replyTo) {
    if (run.lease() == null) {
      next.run();
    } else {
      when(
          shared.limits().release(run.lease()),
          free -> next.run(),
          failure -> failed(replyTo, failure));
    }
  }

  // ---- states ----

  private void propose(Propose propose, ActorRef<TaskReply> replyTo) {
    var rules = TaskRules.of(propose.state(), propose.force());
    if (rules.isEmpty()) {
      enter(TaskRules.judge(rules, draft(propose.state(), now())), state().lease(), replyTo);
      return;
    }
    proposal = propose.id();
    when(
        facts(propose),
        draft -> judged(TaskRules.judge(rules, draft), propose, replyTo),
        failure -> failed(replyTo, failure));
  }

  private CompletableFuture<TaskDraft> facts(Propose propose) {
    var now = now();
    var draft = draft(propose.state(), now);
    var flowRun = state().spec().flowRunId();
    boolean starts = propose.state().type() == StateType.RUNNING;
    var key = propose.state().details().cacheKey();
    boolean cached =
        starts && key != null && !Boolean.TRUE.equals(propose.state().details().refreshCache());
    var flow =
        starts && flowRun != null
            ? shared.flow().apply(flowRun)
            : CompletableFuture.completedFuture(Optional.<TaskDraft.FlowFacts>empty());
    var cache =
        cached
            ? shared.cache().find(key, now)
            : CompletableFuture.completedFuture(Optional.<ProposedState>empty());
    return flow.thenCombine(
        cache, (facts, hit) -> draft.with(facts.orElse(null), hit.orElse(null)));
  }

  private TaskDraft draft(ProposedState proposed, Instant now) {
    return TaskDraft.of(state(), proposed, now, shared.chance().getAsDouble());
  }

  private void judged(TaskDraft draft, Propose propose, ActorRef<TaskReply> replyTo) {
    if (draft.ruling() instanceof Ruling.Stay stay) {
      end(
          replyTo,
          new TaskReply.Ruled(state(), stay.status(), stay.reason(), stay.delaySeconds(), false));
      return;
    }
    var enter = (Ruling.Enter) draft.ruling();
    boolean starts =
        enter.status() == Ruling.Status.ACCEPT
            && enter.state().type() == StateType.RUNNING
            && !TaskRules.isBackground(propose.state())
            && state().lease() == null
            && !state().spec().tags().isEmpty();
    if (!starts) {
      enter(draft, state().lease(), replyTo);
      return;
    }
    when(
        slots.take(state().spec().tags(), propose.mayHold(), now()),
        taken -> slotsTaken(draft, taken, replyTo),
        failure -> failed(replyTo, failure));
  }

  private void slotsTaken(TaskDraft draft, TaskSlots.Taken taken, ActorRef<TaskReply> replyTo) {
    if (taken.status() == Ruling.Status.ACCEPT) {
      enter(draft, taken.lease(), replyTo);
    } else {
      end(
          replyTo,
          new TaskReply.Ruled(
              state(), taken.status(), taken.reason(), taken.delaySeconds(), false));
    }
  }

  private void enter(TaskDraft draft, UUID lease, ActorRef<TaskReply> replyTo) {
    var before = state();
    var enter = (Ruling.Enter) draft.ruling();
    var entered = stamped(before, enter.state(), now());
    boolean keeps = HOLD_SLOTS.contains(entered.type());
    int flowRuns = draft.flow() == null ? before.flowRunRunCount() : draft.flow().runCount();
    var after = before.entering(entered, draft.runCount(), flowRuns, keeps ? lease : null);
    var changes = new ArrayList<RowChange>(shared.table().update(before, after, List.of(entered)));
    if (entered.type() == StateType.COMPLETED && entered.details().cacheKey() != null) {
      changes.add(TaskCache.insert(entered));
    }
    Runnable entering =
        () ->
            write(
                changes,
                after,
                () ->
                    end(
                        replyTo,
                        new TaskReply.Ruled(after, enter.status(), enter.reason(), 0, true)),
                failure -> {
                  if (lease != null && !lease.equals(before.lease())) {
                    shared.limits().release(lease);
                  }
                  failed(replyTo, failure);
                });
    if (keeps) {
      entering.run();
    } else {
      whenFree(before, entering, replyTo);
    }
  }

  private static State stamped(TaskRun run, ProposedState proposed, Instant now) {
    var last = run.state() == null ? Instant.MIN : run.state().timestamp();
    var at = now.isAfter(last) ? now : last.plusNanos(1000);
    return proposed
        .with(
            d -> {
              d.taskRunId = run.id();
              d.flowRunId = run.spec().flowRunId();
            })
        .entered(TimeOrderedId.at(at), at);
  }

  @Override
  protected TaskReply unavailable(String why) {
    return new TaskReply.Unavailable(why);
  }

  @Override
  protected void abandoned() {
    slots.withdraw(null);
  }
}
