package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Confirm;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A request for a slot of one limit that had to wait at another node")
class AcquisitionConfirmTest {
  private static final UUID LIMIT = new UUID(0x1000, 1);
  private static final UUID LEASE = OwnerKey.leaseOf(LIMIT, new UUID(0, 7));
  private static final Face FACE = new Face(LIMIT, "limit", 1);
  private static final Granted GRANTED = new Granted(FACE, 7, List.of());
  private static final Refused TOO_LATE = new Refused(new Rejection.LeaseGone(LEASE));

  private final ScriptedAsks owners = new ScriptedAsks();
  private final Acquisition acquisition = owners.parked(LIMIT, LEASE);

  private Acquire lastAcquire() {
    return (Acquire) owners.lastAsked();
  }

  @Test
  void has_the_slot_only_when_the_owner_knows_that_it_is_still_there() {
    assertThat(lastAcquire().style()).isEqualTo(Style.HAND_OVER);
    owners.answer(new Offered(FACE));

    assertThat(owners.lastAsked()).isEqualTo(new Confirm(LEASE));
    assertThat(acquisition.outcome()).isNotDone();

    owners.answer(GRANTED);
    assertThat(acquisition.outcome())
        .isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
  }

  @Test
  void waits_again_with_its_age_when_it_confirms_too_late() {
    owners.answer(new Offered(FACE));
    owners.answer(TOO_LATE);

    assertThat(lastAcquire().leaseId()).isEqualTo(LEASE);
    assertThat(lastAcquire().ifBusy()).isEqualTo(IfBusy.PARK);
    assertThat(lastAcquire().since()).isEqualTo(Instant.EPOCH);
    owners.answer(GRANTED);
    assertThat(acquisition.outcome())
        .isCompletedWithValueMatching(Outcome.Acquired.class::isInstance);
  }

  @Test
  void waits_no_more_when_its_wait_ended_meanwhile() {
    owners.answer(new Offered(FACE));
    acquisition.withdraw(Duration.ofSeconds(5));
    owners.answer(TOO_LATE);

    assertThat(lastAcquire().ifBusy()).isEqualTo(IfBusy.KEEP_PLACE);
    owners.answer(new Busy(FACE, 1, 1, Duration.ZERO));
    assertThat(acquisition.outcome()).isCompletedWithValueMatching(Outcome.Waits.class::isInstance);
  }

  @Test
  void gives_the_slot_back_when_its_asker_has_gone_meanwhile() {
    owners.answer(new Offered(FACE));
    acquisition.withdraw(null);
    owners.answer(GRANTED);

    assertThat(owners.lastAsked()).isEqualTo(new LimitCommand.Release(LEASE, 7L));
    owners.answer(Done.DONE);
    assertThat(acquisition.outcome()).isCompletedExceptionally();
  }

  @Test
  void leaves_its_place_to_another_only_after_its_withdrawal_has_arrived() {
    acquisition.withdraw(null);
    acquisition.supersede();
    assertThat(owners.open()).isEqualTo(2);
    assertThat(acquisition.outcome()).isNotDone();

    owners.stayAway();
    assertThat(acquisition.outcome()).isNotDone();
    owners.answer(Done.DONE);
    assertThat(acquisition.outcome()).isCompletedExceptionally();
  }

  @Test
  void leaves_no_slot_behind_when_nobody_answers_its_confirmation() {
    owners.answer(new Offered(FACE));
    owners.stayAway();

    assertThat(owners.lastAsked()).isEqualTo(LimitCommand.Release.any(LEASE));
    owners.answer(Done.DONE);
    assertThat(acquisition.outcome()).isCompletedExceptionally();
  }
}
