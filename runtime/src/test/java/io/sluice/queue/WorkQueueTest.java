package io.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.queue.WorkQueue.Status;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A work queue")
class WorkQueueTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private final WorkQueue queue =
      new WorkQueue(
          new UUID(1, 1), 4, NOON, NOON, new UUID(2, 2), "q", null, false, 2, 1, null, NOON);

  @Test
  void is_ready_for_a_minute_after_a_worker_asked() {
    assertThat(queue.status(NOON.plusSeconds(60))).isEqualTo(Status.READY);
    assertThat(queue.status(NOON.plusSeconds(61))).isEqualTo(Status.NOT_READY);
  }

  @Test
  void is_not_ready_before_any_worker_asked() {
    assertThat(queue.with(NOON, q -> q.lastPolled = null).status(NOON)).isEqualTo(Status.NOT_READY);
  }

  @Test
  void is_paused_whether_workers_ask_or_not() {
    assertThat(queue.with(NOON, q -> q.paused = true).status(NOON)).isEqualTo(Status.PAUSED);
  }

  @Test
  void has_the_next_version_after_each_change_and_keeps_what_was_not_changed() {
    var later = NOON.plusSeconds(5);
    var changed = queue.with(later, q -> q.concurrencyLimit = null);
    assertThat(changed.version()).isEqualTo(5);
    assertThat(changed.updated()).isEqualTo(later);
    assertThat(changed.concurrencyLimit()).isNull();
    assertThat(changed.with(NOON, q -> q.concurrencyLimit = 2))
        .usingRecursiveComparison()
        .ignoringFields("version")
        .isEqualTo(queue);
  }
}
