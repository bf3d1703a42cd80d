package io.sluice.run;

import static io.sluice.cluster.Spans.shorter;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;

import io.sluice.cluster.Why;
import io.sluice.limit.Claim;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.Outcome;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import io.sluice.rejection.Refused;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;

/** A run goes from one state to another: rules, then slots, then the write. */
final class Transition extends Step {
  private static final long NEARLY_MILLIS = 1500;

  private final Proposal proposal;
  private Submission submission;

  Transition(FlowRunActor owner, ActorRef<RunReply> replyTo, Proposal proposal) {
    super(owner, replyTo);
    this.proposal = proposal;
  }

  @Override
  boolean isAbout(UUID id) {
    return proposal.id().equals(id);
  }

  @Override
  void withdraw(Duration keepPlace) {
    if (submission != null) {
      submission.withdraw(keepPlace);
    }
  }

  void propose() {
    var ruling = FlowRunRules.judge(proposal, owner.isOffered(), before, now());
    if (ruling instanceof Ruling.Stay stay) {
      stay(stay.status(), stay.reason(), stay.delaySeconds());
      return;
    }
    var enter = (Ruling.Enter) ruling;
    boolean asProposed = enter.status() == Ruling.Status.ACCEPT && !proposal.force();
    var from = before.stateType();
    if (asProposed && enter.state().type() == PENDING && !LeaseFate.HOLDING.contains(from)) {
      submit(enter);
    } else if (asProposed && from == PENDING && enter.state().type() == RUNNING) {
      start(enter);
    } else {
      enter(enter, null);
    }
  }

  /** The run enters a state by itself, because it is time. */
  void enterByItself(Ruling ruling) {
    if (ruling instanceof Ruling.Enter enter) {
      enter(enter, null);
    } else {
      stay(Ruling.Status.REJECT, ((Ruling.Stay) ruling).reason(), 0);
    }
  }

  private void stay(Ruling.Status status, String reason, int delaySeconds) {
    var reply = new RunReply.Ruled(before, status, reason, delaySeconds, false);
    if (before.leaseId() != null && before.stateType().isTerminal()) {
      // Its owner may have died between the row and the release, and its client asks again.
      when(others.release(before.leaseId()), done -> end(reply), () -> {});
      return;
    }
    end(reply);
  }

  /** To PENDING: slots first. Only a run that says so waits for them. */
  private void submit(Ruling.Enter enter) {
    boolean waits = !before.isDueWithoutWaiting();
    var hold = waits ? proposal.hold() : Duration.ZERO;
    submission =
        new Submission(
            others,
            owner.shared().slots(),
            before,
            now(),
            owner.isOffered(),
            owner.isOffered() && waits,
            !hold.isZero(),
            before.state() == null ? before.id() : before.state().id());
    if (!hold.isZero()) {
      var waiting = submission;
      CompletableFuture.delayedExecutor(hold.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
          .execute(() -> waiting.withdraw(owner.shared().slots().offerFor()));
    }
    when(
        submission.start().result(),
        result -> {
          submission = null;
          submitted(enter, result);
        },
        () -> others.moved(before));
  }

  private void submitted(Ruling.Enter enter, Submission.Result result) {
    if (result instanceof Submission.Result.Held held) {
      var state = enter.state().with(d -> d.deploymentConcurrencyLeaseId = held.leaseId());
      boolean sentBack =
          before.state() != null
              && before.state().name().equals(StateNames.AWAITING_CONCURRENCY_SLOT);
      enter(
          with(enter, sentBack ? state.with(d -> d.scheduledTime = now()) : state), held.leaseId());
      return;
    }
    others.moved(before);
    if (result instanceof Submission.Result.Impossible impossible) {
      stay(Ruling.Status.ABORT, impossible.reason(), 0);
      return;
    }
    var full = (Submission.Result.Full) result;
    if (full.waits() && before.isDueWithoutWaiting()) {
      beginToWait(full.busy());
    } else if (full.waits()) {
      owner.offerAgain();
      boolean held = !proposal.hold().isZero();
      stay(Ruling.Status.WAIT, Waits.line(full.busy()), held ? 0 : wholeSeconds(full.busy()));
    } else if (full.cancelNew()) {
      var reason = "Deployment concurrency limit reached.";
      reject(ProposedState.cancelled(reason), reason);
    } else if (full.inDeployment()) {
      reject(
          ProposedState.scheduled(
              StateNames.AWAITING_CONCURRENCY_SLOT,
              Waits.line(full.busy()),
              now().plus(owner.shared().slots().awaitFor())),
          "Deployment concurrency limit reached.");
    } else {
      stay(Ruling.Status.REJECT, Waits.line(full.busy()), 0);
    }
  }

  /** The run says that it waits, and for what; then the proposal is taken up again. */
  private void beginToWait(Busy busy) {
    var now = now();
    var waiting =
        ProposedState.scheduled(StateNames.AWAITING_CONCURRENCY_SLOT, Waits.line(busy), now);
    var after =
        before.entering(stamped(before, waiting, now), before.policy(), UnaryOperator.identity());
    write(
        owner.shared().table().update(before, after),
        after,
        () -> {
          others.entered(before.state(), after);
          others.moved(after);
          owner.begin(replyTo, proposal).propose();
        });
  }

  /**
   * When half of the estimated wait is over: the rest is estimated anew then, so that a wrong
   * estimate leaves no slot idle for long and a right one costs a few more requests. 0 if its turn
   * is nearly there.
   */
  private int wholeSeconds(Busy busy) {
    long millis = shorter(busy.estimate(), owner.shared().slots().patience()).toMillis();
    return millis < NEARLY_MILLIS ? 0 : (int) Math.max(1, millis / 2000);
  }

  private void reject(ProposedState state, String reason) {
    enter(
        new Ruling.Enter(
            Ruling.Status.REJECT, state, reason, before.policy(), UnaryOperator.identity()),
        null);
  }

  private static Ruling.Enter with(Ruling.Enter enter, ProposedState state) {
    return new Ruling.Enter(enter.status(), state, enter.reason(), enter.policy(), enter.after());
  }

  /** To RUNNING: the slot taken at PENDING must still be there, or be had again. */
  private void start(Ruling.Enter enter) {
    var lease = before.leaseId();
    var deployment = before.spec().deploymentId();
    if (lease == null || deployment == null || !proposal.keepsLeases()) {
      enter(enter, null);
      return;
    }
    when(
        others
            .terms(deployment)
            .thenCompose(
                found -> {
                  var terms = found.orElse(Surroundings.Terms.UNLIMITED);
                  return terms.limitId() == null
                      ? CompletableFuture.completedFuture(enter)
                      : others
                          .renew(lease, terms.grace())
                          .thenApply(renewed -> enter)
                          .exceptionallyCompose(gone -> takeAgain(enter, terms, gone));
                }),
        started -> enter(started, null),
        () -> {});
  }

  private CompletableFuture<Ruling.Enter> takeAgain(
      Ruling.Enter enter, Surroundings.Terms terms, Throwable gone) {
    if (!(Why.cause(gone) instanceof Refused)) {
      return CompletableFuture.failedFuture(gone);
    }
    var lease = OwnerKey.leaseOf(terms.limitId(), UUID.randomUUID());
    var claim = Claim.leased(terms.limitId(), lease, terms.grace());
    var request = SlotRequest.one(Holder.flowRun(before.id()), now());
    return others
        .acquire(List.of(claim), request, IfBusy.FORGET)
        .outcome()
        .thenApply(
            outcome ->
                outcome instanceof Outcome.Acquired acquired
                    ? holding(enter, acquired.leaseOf(terms.limitId()).orElse(null))
                    : lost());
  }

  private static Ruling.Enter holding(Ruling.Enter enter, UUID lease) {
    return with(enter, enter.state().with(d -> d.deploymentConcurrencyLeaseId = lease));
  }

  private Ruling.Enter lost() {
    return new Ruling.Enter(
        Ruling.Status.REJECT,
        ProposedState.cancelled(
            "Deployment concurrency slot lost during provisioning - no slots available to"
                + " continue execution"),
        "Deployment concurrency limit reached after lease expiry.",
        before.policy(),
        UnaryOperator.identity());
  }

  /** Writes the state; {@code lease} was taken for it and is given back if that fails. */
  private void enter(Ruling.Enter enter, UUID lease) {
    var state = stamped(before, enter.state(), now());
    var after = before.entering(state, enter.policy(), enter.after());
    var changes = owner.shared().table().update(before, after);
    var reply = new RunReply.Ruled(after, enter.status(), enter.reason(), 0, true);
    write(
        changes,
        after,
        () -> {
          var settled = settleLease(enter, after);
          if (before.stateType() == SCHEDULED && lease == null) {
            giveUpSubmission();
          }
          var known = both(others.entered(before.state(), after), others.moved(after));
          when(settled, done -> answerWhen(known, reply), () -> {});
        },
        () -> {
          if (lease != null) {
            others.release(lease);
          }
          others.moved(before);
        });
  }

  /**
   * What a submission that was cut off was granted is known by the state that it began in; with
   * that state's end, by becoming late for one, nobody would ask for it again.
   */
  private void giveUpSubmission() {
    var deployment = before.spec().deploymentId();
    if (deployment != null) {
      others
          .terms(deployment)
          .thenAccept(
              terms ->
                  terms
                      .map(Surroundings.Terms::limitId)
                      .ifPresent(limit -> others.release(limit, attempt(limit))));
    }
  }

  private UUID attempt(UUID limit) {
    return OwnerKey.leaseOf(limit, before.state().id());
  }

  /**
   * Who is told that a run is over may rely on its slot being free, come what may: nobody else
   * would give it back. If that fails the proposer is told to ask again, and finds the run over.
   */
  private CompletableFuture<Void> settleLease(Ruling.Enter enter, FlowRun after) {
    var fate = LeaseFate.of(before.state(), after.state(), enter.status(), proposal.keepsLeases());
    return switch (fate) {
      case RELEASED -> others.release(before.leaseId());
      case UNBOUND -> others.unbind(before.leaseId()).exceptionally(late -> null);
      case KEPT -> CompletableFuture.completedFuture(null);
    };
  }
}
