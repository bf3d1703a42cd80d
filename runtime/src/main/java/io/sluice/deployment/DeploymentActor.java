package io.sluice.deployment;

import com.typesafe.config.Config;
import io.sluice.cluster.Why;
import io.sluice.deployment.Deployment.LimitRef;
import io.sluice.owner.RowOwner;
import io.sluice.run.Place;
import io.sluice.run.RunCommand.Obsolete;
import io.sluice.schedule.BadSchedule;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The owner of one deployment. */
final class DeploymentActor extends RowOwner<DeploymentCommand, DeploymentReply, Deployment> {

  record Execute(DeploymentCommand command, UUID request, ActorRef<DeploymentReply> replyTo)
      implements RowOwner.Ask<DeploymentCommand, DeploymentReply> {
    Execute(DeploymentCommand command, ActorRef<DeploymentReply> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /** What all owners of deployments on a node share. */
  record Shared(
      Store store,
      DeploymentTable table,
      InstantSource clock,
      Config schedule,
      ScheduledRuns runs,
      DeploymentWatch watch,
      Function<Place, CompletableFuture<Optional<Instant>>> queuePolled) {}

  /** A schedule that was stored unchecked is looked at again after this. */
  private static final Duration UNREADABLE_AGAIN = Duration.ofHours(1);

  private final UUID id;
  private final Shared shared;
  private Instant nextPass;
  private Instant looked;

  private DeploymentActor(
      UUID id, Shared shared, Settings settings, ActorContext<Message> context) {
    super(settings, context);
    this.id = id;
    this.shared = shared;
  }

  static Behavior<Message> create(UUID id, Shared shared, Settings settings) {
    return Behaviors.setup(context -> new DeploymentActor(id, shared, settings, context));
  }

  @Override
  protected CompletableFuture<Deployment> read() {
    nextPass = now();
    looked = Instant.MIN;
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
    var now = now();
    var before = state();
    if (command instanceof DeploymentCommand.Put put && !isOf(put.ifVersion(), before)) {
      end(replyTo, new DeploymentReply.Changed());
    } else if (command instanceof DeploymentCommand.Put put) {
      put(put, replyTo);
    } else if (before == null) {
      end(replyTo, present());
    } else if (command instanceof DeploymentCommand.Polled) {
      write(before.polled(now), () -> end(replyTo, present()), replyTo);
    } else if (command instanceof DeploymentCommand.Look) {
      look(() -> end(replyTo, present()), replyTo);
    } else if (command instanceof DeploymentCommand.ScheduleAhead ahead) {
      schedule(plan(ahead.window()), replyTo, () -> {});
    } else if (command instanceof DeploymentCommand.Wake) {
      wake(replyTo);
    } else {
      write(
          shared.table().delete(before),
          null,
          () -> {
            shared.watch().changed(before, null);
            end(replyTo, new DeploymentReply.Found(before));
          },
          failure -> failed(replyTo, failure));
    }
  }

  private static boolean isOf(Long version, Deployment before) {
    return before == null ? version == null : Objects.equals(version, before.version());
  }

  private void put(DeploymentCommand.Put put, ActorRef<DeploymentReply> replyTo) {
    var before = state();
    var limit = new LimitRef(put.limitId(), put.ownsLimit());
    if (before == null) {
      put(Deployment.created(id, put.spec(), put.schedules(), limit, now()), replyTo);
    } else if (Objects.equals(before.spec().place(), put.spec().place())) {
      put(before.with(put.spec(), put.schedules(), limit, now()), replyTo);
    } else {
      when(
          queuePolled(),
          polled -> {
            var left = before.leaving(polled.orElse(null));
            put(left.with(put.spec(), put.schedules(), limit, now()), replyTo);
          },
          failure -> failed(replyTo, failure));
    }
  }

  private CompletableFuture<Optional<Instant>> queuePolled() {
    var place = state().spec().place();
    return place == null
        ? CompletableFuture.completedFuture(Optional.empty())
        : shared.queuePolled().apply(place);
  }

  /** Answered when the runs that are not wanted any more are gone; then others are scheduled. */
  private void put(Deployment after, ActorRef<DeploymentReply> replyTo) {
    var before = state();
    nextPass = now();
    write(
        after,
        () -> {
          if (before == null) {
            end(replyTo, present());
            return;
          }
          boolean paused = after.spec().paused() && !before.spec().paused();
          when(
              shared
                  .runs()
                  .unschedule(
                      id, paused ? Obsolete.DEPLOYMENT_PAUSED : Obsolete.DEPLOYMENT_CHANGED),
              gone -> end(replyTo, present()),
              failure -> failed(replyTo, failure));
        },
        replyTo);
  }

  private void write(Deployment after, Runnable next, ActorRef<DeploymentReply> replyTo) {
    var before = state();
    List<RowChange> changes =
        before == null
            ? shared.table().insert(after, wakesAt(after))
            : shared.table().update(before, after, wakesAt(after));
    write(
        changes,
        after,
        () -> {
          shared.watch().changed(before, after);
          next.run();
        },
        failure -> failed(replyTo, failure));
  }

  // ---- being ready ----

  /** Notes whether somebody asks for its runs, be it by the deployment or by its queue. */
  private void look(Runnable next, ActorRef<DeploymentReply> replyTo) {
    when(
        queuePolled(),
        polled -> {
          boolean wasDue = looksAt(state()) != null;
          looked = now();
          boolean ready = state().isReady(polled.orElse(null), looked);
          if (ready != state().saidReady()) {
            write(state().saying(ready), next, replyTo);
          } else if (wasDue) {
            noteWaking(next, replyTo);
          } else {
            next.run();
          }
        },
        failure -> failed(replyTo, failure));
  }

  /** When it may not be ready any more by those who ask for its own runs; null for never. */
  private Instant looksAt(Deployment deployment) {
    var silentAt = deployment.silentAt();
    boolean looks = deployment.saidReady() && silentAt != null && silentAt.isAfter(looked);
    return looks ? silentAt : null;
  }

  private void wake(ActorRef<DeploymentReply> replyTo) {
    var looksAt = state() == null ? null : looksAt(state());
    if (looksAt != null && !looksAt.isAfter(now())) {
      look(() -> pass(replyTo), replyTo);
    } else {
      pass(replyTo);
    }
  }

  // ---- scheduling ----

  @Override
  protected Instant now() {
    return shared.clock().instant();
  }

  @Override
  protected Instant wakesAt() {
    return state() == null ? null : wakesAt(state());
  }

  private Instant wakesAt(Deployment deployment) {
    var passes = deployment.isScheduled() ? nextPass : null;
    var looksAt = looksAt(deployment);
    return passes == null || looksAt != null && looksAt.isBefore(passes) ? looksAt : passes;
  }

  @Override
  protected RowOwner.Ask<DeploymentCommand, DeploymentReply> wake() {
    return new Execute(
        new DeploymentCommand.Wake(), getContext().getSystem().<DeploymentReply>ignoreRef());
  }

  private void pass(ActorRef<DeploymentReply> replyTo) {
    if (!state().isScheduled() || nextPass.isAfter(now())) {
      end(replyTo, present());
      return;
    }
    var plan = plan(ScheduleWindow.at(now(), shared.schedule()));
    schedule(plan, replyTo, () -> nextPass = plan.next());
  }

  private SchedulePlan plan(ScheduleWindow window) {
    try {
      return SchedulePlan.of(state(), window);
    } catch (BadSchedule bad) {
      getContext().getLog().warn("Deployment {} is not scheduled: {}", id, bad.getMessage());
      return new SchedulePlan(List.of(), now().plus(UNREADABLE_AGAIN));
    }
  }

  /** Creates what is planned, then notes when to plan again. */
  private void schedule(SchedulePlan plan, ActorRef<DeploymentReply> replyTo, Runnable done) {
    when(
        shared.runs().schedule(state(), plan.runs()),
        made -> {
          done.run();
          noteWaking(() -> end(replyTo, present()), replyTo);
        },
        failure -> failed(replyTo, failure));
  }

  private void noteWaking(Runnable next, ActorRef<DeploymentReply> replyTo) {
    write(
        List.of(DeploymentTable.wakes(state(), wakesAt())),
        state(),
        next,
        failure -> failed(replyTo, failure));
  }

  private void failed(ActorRef<DeploymentReply> replyTo, Throwable failure) {
    end(
        replyTo,
        Store.isDuplicate(failure)
            ? new DeploymentReply.NameTaken()
            : unavailable(Why.of(failure)));
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
