package io.sluice.deployment;

import io.sluice.deployment.Deployment.LimitRef;
import io.sluice.owner.RowOwner;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The owner of one deployment. */
final class DeploymentActor extends RowOwner<DeploymentCommand, DeploymentReply, Deployment> {

  record Execute(DeploymentCommand command, ActorRef<DeploymentReply> replyTo)
      implements RowOwner.Ask<DeploymentCommand, DeploymentReply> {}

  /** What all owners of deployments on a node share. */
  record Shared(Store store, DeploymentTable table, InstantSource clock) {}

  private final UUID id;
  private final Shared shared;

  private DeploymentActor(
      UUID id, Shared shared, Settings settings, ActorContext<Message> context) {
    super(settings, context);
    this.id = id;
    this.shared = shared;
    load();
  }

  static Behavior<Message> create(UUID id, Shared shared, Settings settings) {
    return Behaviors.setup(context -> new DeploymentActor(id, shared, settings, context));
  }

  @Override
  protected CompletableFuture<Deployment> read() {
    return shared.store().read(sql -> shared.table().find(sql, id).orElse(null));
  }

  @Override
  protected boolean answerAtOnce(DeploymentCommand command, ActorRef<DeploymentReply> replyTo) {
    if (!(command instanceof DeploymentCommand.Get)) {
      return false;
    }
    replyTo.tell(present());
    return true;
  }

  private DeploymentReply present() {
    return state() == null
        ? new DeploymentReply.NoSuchDeployment()
        : new DeploymentReply.Found(state());
  }

  @Override
  protected void perform(DeploymentCommand command, ActorRef<DeploymentReply> replyTo) {
    var now = shared.clock().instant();
    var before = state();
    if (command instanceof DeploymentCommand.Put put && !isOf(put.ifVersion(), before)) {
      end(replyTo, new DeploymentReply.Changed());
    } else if (command instanceof DeploymentCommand.Put put) {
      var limit = new LimitRef(put.limitId(), put.ownsLimit());
      var after =
          before == null
              ? new Deployment(
                  id, 0, now, now, put.spec(), put.schedules(), limit.id(), limit.owned(), null)
              : before.with(put.spec(), put.schedules(), limit, now);
      write(after, replyTo);
    } else if (before == null) {
      end(replyTo, present());
    } else if (command instanceof DeploymentCommand.Polled) {
      write(before.polled(now), replyTo);
    } else {
      write(
          shared.table().delete(id),
          null,
          () -> end(replyTo, new DeploymentReply.Found(before)),
          failure -> failed(replyTo, failure));
    }
  }

  private static boolean isOf(Long version, Deployment before) {
    return before == null ? version == null : Objects.equals(version, before.version());
  }

  private void write(Deployment after, ActorRef<DeploymentReply> replyTo) {
    List<RowChange> changes =
        state() == null ? shared.table().insert(after) : shared.table().update(state(), after);
    write(changes, after, () -> end(replyTo, present()), failure -> failed(replyTo, failure));
  }

  private void failed(ActorRef<DeploymentReply> replyTo, Throwable failure) {
    end(
        replyTo,
        Store.isDuplicate(failure)
            ? new DeploymentReply.NameTaken()
            : unavailable(String.valueOf(failure.getMessage())));
  }

  private void end(ActorRef<DeploymentReply> replyTo, DeploymentReply reply) {
    replyTo.tell(reply);
    done();
  }

  @Override
  protected DeploymentReply unavailable(String why) {
    return new DeploymentReply.Unavailable(why);
  }
}
