package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each of these was found by {@link LimitSimulationTest}. */
@DisplayName("A request for slots of two limits, of which one slips away")
class AcquisitionOrderTest {
  private static final UUID A = new UUID(0x1000, 1);
  private static final UUID B = new UUID(0x20000, 2);

  private record Asked(LimitCommand command, CompletableFuture<LimitReply> answer) {}

  private final Deque<Asked> open = new ArrayDeque<>();
  private final List<LimitCommand> asked = new ArrayList<>();
  private BooleanSupplier mayRepeat;
  private Acquisition acquisition;

  private final LimitAsks owners =
      new LimitAsks(Duration.ofSeconds(1)) {
        @Override
        CompletableFuture<LimitReply> once(
            String key, LimitCommand command, Duration within, BooleanSupplier again) {
          mayRepeat = again;
          var answer = new CompletableFuture<LimitReply>();
          asked.add(command);
          open.add(new Asked(command, answer));
          return answer;
        }

        @Override
        long nanoTime() {
          return 0;
        }

        @Override
        CompletableFuture<Void> pause(Duration pause) {
          return CompletableFuture.completedFuture(null);
        }
      };

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
    answer(new Offered(face(A)));
    answer(new Offered(face(B)));
    answer(new Granted(face(A), 7, List.of()));
    answer(new Refused(new Rejection.LeaseGone(B)));
  }

  private static Face face(UUID limit) {
    return new Face(limit, "limit", 1);
  }

  private void answer(LimitReply reply) {
    open.poll().answer().complete(reply);
  }

  private LimitCommand lastAsked() {
    return asked.get(asked.size() - 1);
  }

  @Test
  void asks_again_only_after_what_it_had_is_given_back() {
    assertThat(open).hasSize(1);
    assertThat(lastAsked()).isEqualTo(new LimitCommand.Release(A, 7L));

    answer(Done.DONE);

    assertThat(open).hasSize(2);
    assertThat(lastAsked()).isInstanceOf(LimitCommand.Acquire.class);
  }

  @Test
  void leaves_its_place_to_another_only_after_what_it_had_is_given_back() {
    acquisition.supersede();
    assertThat(acquisition.outcome()).isNotDone();

    answer(Done.DONE);

    assertThat(acquisition.outcome()).isCompletedExceptionally();
    assertThat(open).isEmpty();
  }

  @Test
  void is_not_repeated_any_more_once_another_took_its_place() {
    answer(Done.DONE);
    assertThat(mayRepeat.getAsBoolean()).isTrue();
    int before = asked.size();

    acquisition.supersede();
    answer(new LimitReply.AskAgain());

    assertThat(mayRepeat.getAsBoolean()).isFalse();
    assertThat(asked).hasSize(before);
  }

  @Test
  void gives_nothing_back_once_another_took_its_place() {
    answer(Done.DONE);
    answer(new Granted(face(A), 8, List.of()));
    int before = asked.size();

    acquisition.supersede();
    answer(new Refused(new Rejection.LeaseGone(B)));

    assertThat(acquisition.outcome()).isCompletedExceptionally();
    assertThat(asked).hasSize(before);
  }
}
