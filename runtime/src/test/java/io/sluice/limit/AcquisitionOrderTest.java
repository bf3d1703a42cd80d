package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.rejection.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each of these was found by {@link LimitSimulationTest}. */
@DisplayName("A request for slots of two limits, of which one slips away")
class AcquisitionOrderTest {
  private static final UUID A = new UUID(0x1000, 1);
  private static final UUID B = new UUID(0x20000, 2);

  private final ScriptedAsks owners = new ScriptedAsks();
  private Acquisition acquisition;

  @BeforeEach
  void oneIsGrantedAndTheOtherOfferIsGone() {
    acquisition =
        new Acquisition(
                owners,
                Meant.byId(),
                List.of(A, B),
                limits -> limits.stream().map(l -> Claim.untilReleased(l, l)).toList(),
                SlotRequest.one(null, Instant.EPOCH),
                IfBusy.FORGET)
            .start();
    owners.answer(new Offered(face(A)));
    owners.answer(new Offered(face(B)));
    owners.answer(new Granted(face(A), 7, List.of()));
    owners.answer(new Refused(new Rejection.LeaseGone(B)));
  }

  private static Face face(UUID limit) {
    return new Face(limit, "limit", 1);
  }

  @Test
  void asks_again_only_after_what_it_had_is_given_back() {
    assertThat(owners.open()).isEqualTo(1);
    assertThat(owners.lastAsked()).isEqualTo(new LimitCommand.Release(A, 7L));

    owners.answer(Done.DONE);

    assertThat(owners.open()).isEqualTo(2);
    assertThat(owners.lastAsked()).isInstanceOf(LimitCommand.Acquire.class);
  }

  @Test
  void leaves_its_place_to_another_only_after_what_it_had_is_given_back() {
    acquisition.supersede();
    assertThat(acquisition.outcome()).isNotDone();

    owners.answer(Done.DONE);

    assertThat(acquisition.outcome()).isCompletedExceptionally();
    assertThat(owners.open()).isZero();
  }

  @Test
  void is_not_repeated_any_more_once_another_took_its_place() {
    owners.answer(Done.DONE);
    assertThat(owners.mayRepeat()).isTrue();
    int before = owners.asked().size();

    acquisition.supersede();
    owners.answer(new LimitReply.AskAgain());

    assertThat(owners.mayRepeat()).isFalse();
    assertThat(owners.asked()).hasSize(before);
  }

  @Test
  void gives_nothing_back_once_another_took_its_place() {
    owners.answer(Done.DONE);
    owners.answer(new Granted(face(A), 8, List.of()));
    int before = owners.asked().size();

    acquisition.supersede();
    owners.answer(new Refused(new Rejection.LeaseGone(B)));

    assertThat(acquisition.outcome()).isCompletedExceptionally();
    assertThat(owners.asked()).hasSize(before);
  }
}
