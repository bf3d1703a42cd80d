package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Those who watch a limit")
class WatchersTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Watchers watchers = new Watchers();
  private final TestProbe<LimitFigures> first = KIT.createTestProbe();
  private final TestProbe<LimitFigures> second = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static LimitFigures held(int slots) {
    return new LimitFigures("printer", true, true, 5, slots, 0);
  }

  @Test
  void are_told_the_figures_at_first_and_then_each_change_once() {
    watchers.tell(held(0), NOON);
    watchers.add(first.ref(), held(1), NOON);
    first.expectMessage(held(1));
    watchers.tell(held(2), NOON);
    watchers.tell(held(2), NOON);
    watchers.tell(held(3), NOON);
    first.expectMessage(held(2));
    first.expectMessage(held(3));
  }

  @Test
  void are_forgotten_unless_they_ask_again() {
    watchers.add(first.ref(), held(1), NOON);
    watchers.add(second.ref(), held(1), NOON);
    var later = NOON.plus(Watchers.REMEMBERED_FOR).plusMillis(1);
    watchers.add(second.ref(), held(1), NOON.plus(Duration.ofSeconds(10)));
    watchers.tell(held(2), later);
    watchers.add(first.ref(), held(3), later);
    first.expectMessage(held(1));
    first.expectMessage(held(3));
    second.expectMessage(held(1));
    second.expectMessage(held(2));
    second.expectMessage(held(3));
  }
}
