package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.limit.Acquisition;
import io.sluice.limit.Answered;
import io.sluice.limit.Claim;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.Outcome;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.Submission.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A run on its way to its slots")
class SubmissionTest {
  private static final UUID LIMIT = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");
  private static final UUID QUEUE = UUID.fromString("bbbbbbbb-0000-4000-8000-000000000002");
  private static final UUID POOL = UUID.fromString("cccccccc-0000-4000-8000-000000000003");
  private static final UUID ATTEMPT = new UUID(8, 8);
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final SlotSettings SETTINGS =
      new SlotSettings(Duration.ofSeconds(30), Duration.ofSeconds(10), 2, Duration.ofSeconds(5));

  private final Others others = new Others();
  private boolean offered;
  private boolean hold;
  private FlowRun run =
      withPlace(Runs.created(FlowRunPolicy.NONE))
          .entering(
              Runs.state(StateType.SCHEDULED, null, NOW.minusSeconds(20)),
              FlowRunPolicy.NONE,
              same -> same);

  private static FlowRun withPlace(FlowRun run) {
    var place = new Place(QUEUE, "default", POOL, "pool");
    return run.with(run.spec().with(s -> s.place = place), run.policy(), NOW);
  }

  /** A request for slots as it was made. */
  private record Asked(
      List<Claim> claims, SlotRequest request, IfBusy ifBusy, Acquisition acquisition) {
    void acquired() {
      acquired(claims);
    }

    void acquired(List<Claim> held) {
      acquisition.outcome().complete(new Outcome.Acquired(held, List.of(face(1)), Map.of()));
    }

    void busy(UUID limit, int position, Duration estimate) {
      var claim = claims.stream().filter(c -> c.limit().equals(limit)).findFirst().get();
      acquisition
          .outcome()
          .complete(new Outcome.Waits(claim, new Busy(face(1), 1, position, estimate)));
    }

    void refused(Rejection why) {
      acquisition.outcome().completeExceptionally(new Refused(why));
    }
  }

  private static Face face(int slots) {
    return new Face(LIMIT, "deployment:x", slots);
  }

  /** The other owners, who answer what the test says and remember what they were asked. */
  private static final class Others implements Surroundings {
    private final List<Asked> asked = new ArrayList<>();
    private final List<UUID> released = new ArrayList<>();
    private Optional<Terms> terms = Optional.of(new Terms(LIMIT, false, GRACE));
    private Admission admission = new Admission(List.of(POOL, QUEUE), 3);

    @Override
    public CompletableFuture<Optional<Terms>> terms(UUID deploymentId) {
      return CompletableFuture.completedFuture(terms);
    }

    @Override
    public CompletableFuture<Admission> admit(FlowRun run) {
      return CompletableFuture.completedFuture(admission);
    }

    @Override
    public Acquisition acquire(List<Claim> claims, SlotRequest request, IfBusy ifBusy) {
      var acquisition = Answered.byTest(claims, request, ifBusy);
      asked.add(new Asked(claims, request, ifBusy, acquisition));
      return acquisition;
    }

    @Override
    public CompletableFuture<Void> release(UUID limitId, UUID leaseId) {
      released.add(leaseId);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> moved(FlowRun run) {
      throw new AssertionError("a submission moves no run");
    }

    @Override
    public CompletableFuture<Void> removed(FlowRun run) {
      throw new AssertionError("a submission removes no run");
    }

    @Override
    public CompletableFuture<Void> release(UUID leaseId) {
      throw new AssertionError("a submission names the limit of what it releases");
    }

    @Override
    public CompletableFuture<Void> renew(UUID leaseId, Duration duration) {
      throw new AssertionError("a submission renews nothing");
    }

    @Override
    public CompletableFuture<Void> unbind(UUID leaseId) {
      throw new AssertionError("a submission unbinds nothing");
    }

    @Override
    public CompletableFuture<Boolean> isHeld(UUID leaseId) {
      throw new AssertionError("a submission asks for slots, not after them");
    }

    @Override
    public CompletableFuture<Boolean> isFull(UUID limitId) {
      throw new AssertionError("a submission asks for slots, not after them");
    }

    @Override
    public CompletableFuture<Void> cancelBelow(FlowRun parent) {
      throw new AssertionError("a submission cancels nothing");
    }

    @Override
    public CompletableFuture<Void> entered(State before, FlowRun after) {
      throw new AssertionError("a submission enters no state");
    }
  }

  private Submission submit() {
    return new Submission(others, SETTINGS, run, NOW, offered, offered, hold, ATTEMPT).start();
  }

  private Asked asked(int n) {
    return others.asked.get(n);
  }

  private static Result now(Submission submission) {
    assertThat(submission.result()).isDone();
    return submission.result().join();
  }

  @Test
  void asks_for_a_slot_of_pool_queue_and_deployment_all_or_none() {
    submit();
    assertThat(others.asked).hasSize(1);
    assertThat(asked(0).claims())
        .containsExactly(
            Claim.untilReleased(POOL, OwnerKey.leaseOf(POOL, Runs.RUN)),
            Claim.untilReleased(QUEUE, OwnerKey.leaseOf(QUEUE, Runs.RUN)),
            Claim.leased(LIMIT, OwnerKey.leaseOf(LIMIT, ATTEMPT), GRACE));
  }

  @Test
  void asks_with_the_priority_of_its_queue_and_the_age_of_its_waiting() {
    submit();
    assertThat(asked(0).request().priority()).isEqualTo(3);
    assertThat(asked(0).request().since()).isEqualTo(NOW.minusSeconds(20));
  }

  @Test
  void is_no_older_than_now_if_it_is_submitted_before_its_time() {
    run = enter(StateType.SCHEDULED, NOW.plusSeconds(60));
    submit();
    assertThat(asked(0).request().since()).isEqualTo(NOW);
  }

  private FlowRun enter(StateType type, Instant at) {
    return run.entering(Runs.state(type, null, at), run.policy(), same -> same);
  }

  @Test
  void keeps_the_slot_of_its_deployment_only_for_the_grace_period() {
    submit();
    var hold = (Hold.Leased) asked(0).claims().get(2).hold();
    assertThat(hold.duration()).isEqualTo(GRACE);
  }

  @Test
  void holds_what_it_was_granted() {
    var submission = submit();
    asked(0).acquired();
    assertThat(now(submission)).isEqualTo(new Result.Held(OwnerKey.leaseOf(LIMIT, ATTEMPT)));
  }

  @Test
  void holds_no_lease_of_a_deployment_without_a_limit() {
    others.terms = Optional.of(Surroundings.Terms.UNLIMITED);
    var submission = submit();
    assertThat(asked(0).claims()).hasSize(2);
    asked(0).acquired();
    assertThat(now(submission)).isEqualTo(new Result.Held(null));
  }

  @Test
  void asks_for_nothing_outside_of_deployments_and_queues() {
    var spec =
        run.spec()
            .with(
                s -> {
                  s.place = null;
                  s.deploymentId = null;
                });
    run = run.with(spec, run.policy(), NOW);
    var submission = submit();
    assertThat(asked(0).claims()).isEmpty();
    asked(0).acquired();
    assertThat(now(submission)).isEqualTo(new Result.Held(null));
  }

  @Test
  void must_not_be_submitted_when_its_deployment_is_gone() {
    others.terms = Optional.empty();
    assertThat(now(submit())).isEqualTo(new Result.Impossible("Deployment not found."));
    assertThat(others.asked).isEmpty();
  }

  @Test
  void must_not_be_submitted_while_its_deployment_has_no_slot_at_all() {
    var submission = submit();
    asked(0).refused(new Rejection.MoreThanLimit("deployment:x", 1, 0));
    assertThat(now(submission))
        .isEqualTo(
            new Result.Impossible(
                "The deployment concurrency limit is 0. The flow will deadlock if submitted"
                    + " again."));
  }

  @Test
  void says_which_limit_it_is_if_queue_or_pool_have_no_slot_at_all() {
    var submission = submit();
    var why = new Rejection.MoreThanLimit("work-queue:pool/default", 1, 0);
    asked(0).refused(why);
    assertThat(now(submission)).isEqualTo(new Result.Impossible(why.message()));
  }

  @Test
  void fails_if_the_limits_do_not_answer() {
    var submission = submit();
    asked(0).acquisition().outcome().completeExceptionally(new IllegalStateException("gone"));
    assertThatThrownBy(() -> submission.result().join()).hasRootCauseMessage("gone");
  }

  @Test
  void is_held_back_by_a_disabled_limit_and_gives_back_what_it_took() {
    var submission = submit();
    var taken = asked(0).claims().subList(0, 2);
    asked(0).acquired(taken);
    var full = (Result.Full) now(submission);
    assertThat(full.inDeployment()).isTrue();
    assertThat(full.waits()).isFalse();
    assertThat(others.released).containsExactlyElementsOf(ids(taken));
  }

  private static List<UUID> ids(List<Claim> claims) {
    return claims.stream().map(Claim::leaseId).toList();
  }

  @Test
  void passes_if_the_limit_of_its_deployment_has_been_deleted() {
    var submission = submit();
    var acquired =
        new Outcome.Acquired(
            asked(0).claims().subList(0, 2),
            List.of(new Face(POOL, "work-pool:pool", 1)),
            Map.of());
    asked(0).acquisition().outcome().complete(acquired);
    assertThat(others.released).isEmpty();
    assertThat(now(submission)).isEqualTo(new Result.Held(null));
  }

  @Nested
  class WhenThereIsNoRoom {
    private final Duration soon = SETTINGS.patience();
    private final Duration late = SETTINGS.patience().plusSeconds(1);

    private Result.Full full(UUID limit, int position, Duration estimate) {
      var submission = submit();
      asked(0).busy(limit, position, estimate);
      return (Result.Full) now(submission);
    }

    @Test
    void says_whether_its_deployment_or_its_queue_is_full() {
      assertThat(full(LIMIT, 1, soon).inDeployment()).isTrue();
      others.asked.clear();
      assertThat(full(QUEUE, 1, soon).inDeployment()).isFalse();
    }

    @Test
    void is_forgotten_by_the_line_if_no_worker_has_it() {
      assertThat(full(LIMIT, 1, soon).waits()).isFalse();
      assertThat(asked(0).ifBusy()).isEqualTo(IfBusy.FORGET);
    }

    @Test
    void keeps_its_place_in_line_if_a_worker_has_it() {
      offered = true;
      assertThat(full(LIMIT, 1, soon).waits()).isTrue();
      assertThat(asked(0).ifBusy()).isEqualTo(IfBusy.KEEP_PLACE);
    }

    @Test
    void waits_with_its_worker_if_its_turn_comes_soon_or_it_is_among_the_next() {
      offered = true;
      assertThat(full(LIMIT, SETTINGS.lookAhead() + 1, soon).waits()).isTrue();
      others.asked.clear();
      assertThat(full(LIMIT, SETTINGS.lookAhead(), late).waits()).isTrue();
      others.asked.clear();
      assertThat(full(LIMIT, SETTINGS.lookAhead() + 1, late).waits()).isFalse();
    }

    @Test
    void is_cancelled_instead_of_waiting_if_its_deployment_wants_that() {
      offered = true;
      hold = true;
      others.terms = Optional.of(new Surroundings.Terms(LIMIT, true, GRACE));
      var full = full(LIMIT, 1, soon);
      assertThat(full.cancelNew()).isTrue();
      assertThat(full.waits()).isFalse();
      assertThat(others.asked).hasSize(1);
    }

    @Test
    void is_not_cancelled_because_its_queue_is_full() {
      others.terms = Optional.of(new Surroundings.Terms(LIMIT, true, GRACE));
      assertThat(full(QUEUE, 1, soon).cancelNew()).isFalse();
    }

    @Test
    void is_parked_within_the_request_and_gets_the_slot_when_it_is_free() {
      offered = true;
      hold = true;
      var submission = submit();
      asked(0).busy(LIMIT, 1, soon);
      assertThat(submission.result()).isNotDone();
      assertThat(asked(1).ifBusy()).isEqualTo(IfBusy.PARK);
      assertThat(asked(1).claims()).isEqualTo(asked(0).claims());
      assertThat(asked(1).request()).isEqualTo(asked(0).request());
      asked(1).acquired();
      assertThat(now(submission)).isInstanceOf(Result.Held.class);
    }

    @Test
    void is_told_how_it_stands_when_the_wait_ends_without_a_slot() {
      offered = true;
      hold = true;
      var submission = submit();
      asked(0).busy(LIMIT, 2, soon);
      submission.withdraw(SETTINGS.offerFor());
      asked(1).busy(LIMIT, 1, soon);
      assertThat(now(submission)).isInstanceOf(Result.Full.class);
      assertThat(((Result.Full) now(submission)).busy().position()).isEqualTo(1);
    }

    @Test
    void is_not_parked_if_the_request_cannot_be_held() {
      offered = true;
      full(LIMIT, 1, soon);
      assertThat(others.asked).hasSize(1);
    }
  }

  @Test
  void says_in_one_line_why_it_waits() {
    var busy = new Busy(new Face(LIMIT, "deployment:x", 2), 2, 1, Duration.ZERO);
    assertThat(Waits.line(busy))
        .isEqualTo("Waits for a slot of deployment:x: 2 of 2 are held, next in line.");
    var later = new Busy(busy.limit(), 2, 3, Duration.ofMillis(4_200));
    assertThat(Waits.line(later))
        .isEqualTo(
            "Waits for a slot of deployment:x: 2 of 2 are held, number 3 in line, in about 5 s.");
  }
}
