package io.sluice.run;

import io.sluice.owner.RowOwner;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The owner of one flow run. A proposal that is held gives way to whatever else is asked. */
final class FlowRunActor extends RowOwner<RunCommand, RunReply, FlowRun> {

  record Execute(RunCommand command, UUID request, ActorRef<RunReply> replyTo)
      implements RowOwner.Ask<RunCommand, RunReply> {
    Execute(RunCommand command, ActorRef<RunReply> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /** What all owners of runs on a node share. */
  record Shared(
      Store store,
      FlowRunTable table,
      Surroundings others,
      InstantSource clock,
      SlotSettings slots,
      WakeBounds bounds) {}

  private final UUID id;
  private final Shared shared;
  private Step step;
  private Instant offeredUntil = Instant.MIN;
  private Instant heardAt;
  private Instant nothingBefore;

  private FlowRunActor(UUID id, Shared shared, Settings settings, ActorContext<Message> context) {
    super(settings, context);
    this.id = id;
    this.shared = shared;
    this.heardAt = now();
  }

  static Behavior<Message> create(UUID id, Shared shared, Settings settings) {
    return Behaviors.setup(context -> new FlowRunActor(id, shared, settings, context));
  }

  @Override
  protected CompletableFuture<FlowRun> read() {
    return shared.store().read(sql -> shared.table().find(sql, id).orElse(null));
  }

  @Override
  protected boolean answerAtOnce(RunCommand command, ActorRef<RunReply> replyTo) {
    if (command instanceof RunCommand.Heard) {
      heardAt = now();
    } else if (command instanceof RunCommand.Offer) {
      offerAgain();
    } else if (command instanceof RunCommand.Withdraw gone) {
      withdraw(gone.proposal());
    } else if (!(command instanceof RunCommand.Get)) {
      return false;
    }
    replyTo.tell(present());
    return true;
  }

  @Override
  protected boolean creates(RunCommand command) {
    return command instanceof RunCommand.Create;
  }

  private RunReply present() {
    return state() == null ? new RunReply.NoSuchRun() : new RunReply.Found(state());
  }

  private void withdraw(UUID proposal) {
    forget(
        command ->
            command instanceof RunCommand.Propose propose
                && propose.proposal().id().equals(proposal));
    if (step != null && step.isAbout(proposal)) {
      step.withdraw(null);
    }
  }

  @Override
  protected void hurry() {
    if (step != null) {
      step.withdraw(shared.slots().offerFor());
    }
  }

  @Override
  protected void perform(RunCommand command, ActorRef<RunReply> replyTo) {
    if (command instanceof RunCommand.Create create && state() == null) {
      edit(replyTo).create(create);
    } else if (state() == null || command instanceof RunCommand.Create) {
      replyTo.tell(present());
      done();
    } else if (command instanceof RunCommand.Propose propose) {
      begin(replyTo, propose.proposal()).propose();
    } else if (command instanceof RunCommand.Change change) {
      edit(replyTo).change(change);
    } else if (command instanceof RunCommand.Wake) {
      new Awakening(this, replyTo, heardAt).act();
    } else if (command instanceof RunCommand.AddLabels labels) {
      edit(replyTo).addLabels(labels);
    } else if (command instanceof RunCommand.Unschedule obsolete
        && !state().isObsolete(obsolete.why(), shared.clock().instant())) {
      replyTo.tell(present());
      done();
    } else {
      edit(replyTo).delete();
    }
  }

  // ---- waking ----

  @Override
  protected Instant now() {
    return shared.clock().instant();
  }

  @Override
  protected Instant wakesAt() {
    var run = state();
    var at = run == null ? null : WakeCall.at(run, shared.bounds(), heardAt);
    boolean over =
        at != null
            && WakeCall.of(run, shared.bounds()) == WakeCall.CANCEL_BELOW
            && (Instant.MAX.equals(nothingBefore) || WakeCall.isForgotten(run, now()));
    if (over) {
      return null;
    }
    return at == null || nothingBefore == null || at.isAfter(nothingBefore) ? at : nothingBefore;
  }

  @Override
  protected RowOwner.Ask<RunCommand, RunReply> wake() {
    return new Execute(new RunCommand.Wake(), getContext().getSystem().<RunReply>ignoreRef());
  }

  /**
   * Nothing is due before {@code time}, whatever the state says; null: no such bound; {@link
   * Instant#MAX}: never.
   */
  void nothingBefore(Instant time) {
    nothingBefore = time;
  }

  /** Nothing was done: the run is as it was. */
  void nothingDone(ActorRef<RunReply> replyTo) {
    replyTo.tell(present());
    finished();
  }

  Transition begin(ActorRef<RunReply> replyTo, Proposal proposal) {
    nothingBefore = null;
    var transition = new Transition(this, replyTo, proposal);
    step = transition;
    return transition;
  }

  private Edit edit(ActorRef<RunReply> replyTo) {
    nothingBefore = null;
    var edit = new Edit(this, replyTo);
    step = edit;
    return edit;
  }

  @Override
  protected RunReply unavailable(String why) {
    return new RunReply.Unavailable(why);
  }

  @Override
  protected void abandoned() {
    if (step != null) {
      step.abandon(unavailable("the owner of the run is moving; ask again"));
    }
  }

  // ---- what a step needs ----

  UUID id() {
    return id;
  }

  FlowRun run() {
    return state();
  }

  Shared shared() {
    return shared;
  }

  boolean isOffered() {
    return offeredUntil.isAfter(shared.clock().instant());
  }

  /** A worker has the run and will propose it, again if need be. */
  void offerAgain() {
    offeredUntil = shared.clock().instant().plus(shared.slots().offerFor());
  }

  void store(List<RowChange> changes, FlowRun after, Runnable next, Consumer<Throwable> failed) {
    write(changes, after, next, failed);
  }

  <T> void await(CompletableFuture<T> step, Consumer<T> next, Consumer<Throwable> failed) {
    when(step, next, failed);
  }

  void finished() {
    step = null;
    done();
  }
}
