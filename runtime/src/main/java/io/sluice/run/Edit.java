package io.sluice.run;

import io.sluice.run.RunCommand.Change.Field;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;

/** A run is created, changed in what it was asked to be, or deleted. */
final class Edit extends Step {
  Edit(FlowRunActor owner, ActorRef<RunReply> replyTo) {
    super(owner, replyTo);
  }

  void create(RunCommand.Create create) {
    var now = now();
    var run = FlowRun.created(owner.id(), create.spec(), create.policy(), now);
    var first = create.state().scheduledBy(now);
    var state = stamped(run, first, now);
    var after = run.entering(state, run.policy(), UnaryOperator.identity());
    write(
        owner.shared().table().insert(after),
        after,
        () -> {
          answerWhen(
              both(others.entered(null, after), others.moved(after)), new RunReply.Found(after));
        });
  }

  void change(RunCommand.Change change) {
    if (change.given().contains(Field.JOB_VARIABLES)
        && change.jobVariables() != null
        && before.stateType() != StateType.SCHEDULED) {
      end(new RunReply.NotNow(before.stateType()));
      return;
    }
    update(before.with(change.of(before.spec()), change.of(before.policy()), now()));
  }

  void addLabels(RunCommand.AddLabels add) {
    update(before.with(add.to(before.spec()), before.policy(), now()));
  }

  private void update(FlowRun after) {
    write(
        owner.shared().table().update(before, after),
        after,
        () -> {
          end(new RunReply.Found(after));
        });
  }

  /**
   * Once the row is gone nobody knows of the lease: its slot is free before. If that fails, the run
   * is still there for whoever asks again.
   */
  void delete() {
    boolean holds = LeaseFate.HOLDING.contains(before.stateType()) && before.leaseId() != null;
    if (holds) {
      when(others.release(before.leaseId()), free -> deleteRow(), () -> {});
    } else {
      deleteRow();
    }
  }

  private void deleteRow() {
    write(
        owner.shared().table().delete(before),
        null,
        () -> answerWhen(others.removed(before), new RunReply.Found(before)));
  }
}
