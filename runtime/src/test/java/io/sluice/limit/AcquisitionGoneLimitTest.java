package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.NoSuchLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The answer to an earlier attempt was lost; then the limit that its lease is named after went. */
@DisplayName("A request for slots of two limits that repeats one whose first limit is gone")
class AcquisitionGoneLimitTest {
  private static final UUID A = new UUID(0x1000, 1);
  private static final UUID B = new UUID(0x20000, 2);
  private static final UUID RANDOM = new UUID(0, 7);

  private final ScriptedAsks owners = new ScriptedAsks();
  private Acquisition acquisition;

  @BeforeEach
  void theFirstIsGoneAndTheSecondIsHeld() {
    acquisition =
        new Acquisition(
                owners,
                Meant.byId(),
                List.of(A, B),
                limits -> Claim.underOneLease(limits, RANDOM, false, Duration.ofMinutes(1)),
                SlotRequest.one(null, Instant.EPOCH),
                IfBusy.FORGET)
            .start();
    owners.answer(new NoSuchLimit());
    owners.answer(new Granted(new Face(B, "b", 1), 7, List.of()));
    owners.answer(Done.DONE);
    owners.answer(Done.DONE);
  }

  @Test
  void gives_back_what_is_held_under_the_old_lease_before_it_asks_under_another() {
    var old = OwnerKey.leaseOf(A, RANDOM);
    assertThat(owners.lastAsked()).isEqualTo(new LimitCommand.Release(old, 7L));
    assertThat(owners.open()).isEqualTo(1);

    owners.answer(Done.DONE);

    assertThat(owners.lastAsked())
        .isInstanceOfSatisfying(
            Acquire.class, ask -> assertThat(ask.leaseId()).isEqualTo(OwnerKey.leaseOf(B, RANDOM)));
  }

  @Test
  void asks_no_more_once_another_took_its_place() {
    acquisition.supersede();
    int before = owners.asked().size();

    owners.answer(Done.DONE);

    assertThat(acquisition.outcome()).isCompletedExceptionally();
    assertThat(owners.asked()).hasSize(before);
  }
}
