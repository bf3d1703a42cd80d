package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.PerhapsDone;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a limit is asked while its owner stops in the middle of a write")
class LimitAsksTest {
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final ScriptedAsks owners = new ScriptedAsks();
  private final UUID limit = UUID.randomUUID();

  @Test
  void is_asked_again_if_taking_it_twice_changes_nothing() {
    var release = LimitCommand.Release.any(UUID.randomUUID());
    var answer = owners.ask(limit, release, WITHIN);
    owners.answer(new PerhapsDone());
    assertThat(owners.asked()).containsExactly(release, release);
    owners.answer(Done.DONE);
    assertThat(answer).isCompletedWithValue(Done.DONE);
  }

  @Test
  void is_not_asked_again_if_slots_might_be_given_back_twice() {
    var giveBack = new LimitCommand.GiveBack(1, null);
    var answer = owners.ask(limit, giveBack, WITHIN);
    owners.answer(new PerhapsDone());
    assertThat(owners.asked()).isEqualTo(List.of(giveBack));
    assertThat(answer).isCompletedExceptionally();
  }
}
