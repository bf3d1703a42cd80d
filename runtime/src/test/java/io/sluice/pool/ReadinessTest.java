package io.sluice.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.queue.WorkQueue;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is said of who serves a pool")
class ReadinessTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private PoolState state =
      PoolChange.create(
              new UUID(1, 1),
              new WorkPoolCommand.Create("p", null, "process", null, false, null, null),
              NOON)
          .said(NOON)
          .after();

  private Readiness tell(int second, WorkPoolCommand command) {
    var now = NOON.plusSeconds(second);
    state = PoolChange.of(state, command, now).said(now).after();
    return state.readiness();
  }

  private Readiness heartbeat(int second, int interval) {
    return tell(second, new WorkPoolCommand.Heartbeat("w", interval));
  }

  private Readiness poll(int second) {
    return tell(second, new WorkPoolCommand.Polled(List.of(state.pool().defaultQueueId())));
  }

  private static Instant justAfter(int second) {
    return NOON.plusSeconds(second).plusMillis(1);
  }

  @Test
  void is_not_looked_at_again_while_nobody_serves_it() {
    assertThat(state.readiness().pool()).isEqualTo(WorkPool.Status.NOT_READY);
    assertThat(state.readiness().looksAt()).isNull();
    assertThat(state.readiness().version()).isZero();
  }

  @Test
  void does_not_change_with_each_heartbeat_but_when_it_is_time_to_look() {
    var ready = heartbeat(1, 10);
    assertThat(ready.pool()).isEqualTo(WorkPool.Status.READY);
    assertThat(ready.looksAt()).isEqualTo(justAfter(31));
    assertThat(heartbeat(11, 10)).isSameAs(ready);
    assertThat(heartbeat(31, 10)).isSameAs(ready);
    var later = tell(32, new WorkPoolCommand.Wake());
    assertThat(later.looksAt()).isEqualTo(justAfter(61));
    assertThat(later.version()).isEqualTo(ready.version() + 1);
    assertThat(later.event()).isEqualTo(ready.event());
    assertThat(later.since()).isEqualTo(ready.since());
    var over = tell(62, new WorkPoolCommand.Wake());
    assertThat(over.pool()).isEqualTo(WorkPool.Status.NOT_READY);
    assertThat(over.looksAt()).isNull();
    assertThat(over.event()).isNotEqualTo(ready.event());
  }

  @Test
  void is_looked_at_when_the_first_of_all_may_be_over() {
    assertThat(heartbeat(0, 100).looksAt()).isEqualTo(justAfter(300));
    var polled = poll(1);
    assertThat(polled.looksAt()).isEqualTo(justAfter(61));
    var queue = polled.queue(state.pool().defaultQueueId()).orElseThrow();
    assertThat(queue).isEqualTo(new Readiness.OfQueue(WorkQueue.Status.READY, true));
  }

  @Test
  void tells_which_queues_began_and_ceased_to_be_asked() {
    var queue = state.pool().defaultQueueId();
    var before = state;
    poll(0);
    assertThat(Readiness.turned(before, state)).containsExactly(queue);
    assertThat(Readiness.turned(state, null)).containsExactly(queue);
    before = state;
    poll(30);
    assertThat(Readiness.turned(before, state)).isEmpty();
    before = state;
    tell(91, new WorkPoolCommand.Wake());
    assertThat(Readiness.turned(before, state)).containsExactly(queue);
    assertThat(Readiness.turned(null, state)).isEmpty();
  }
}
