package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.worker.Worker.Status;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A worker")
class WorkerTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static Worker every(Integer seconds) {
    return new Worker(new UUID(1, 1), 0, NOON, NOON, new UUID(2, 2), "w", NOON, seconds);
  }

  @Test
  void is_offline_after_three_intervals_of_silence() {
    assertThat(every(10).status(NOON.plusSeconds(30))).isEqualTo(Status.ONLINE);
    assertThat(every(10).status(NOON.plusSeconds(31))).isEqualTo(Status.OFFLINE);
  }

  @Test
  void is_expected_every_half_minute_if_it_does_not_say() {
    assertThat(every(null).silentAt()).isEqualTo(NOON.plusSeconds(90));
  }

  @Test
  void may_name_the_longest_interval_there_is() {
    assertThat(every(Integer.MAX_VALUE).silentAt())
        .isEqualTo(NOON.plusSeconds(3L * Integer.MAX_VALUE));
  }

  @Test
  void is_online_again_once_it_is_heard() {
    var later = NOON.plusSeconds(500);
    var heard = every(10).heard(null, later);
    assertThat(heard.status(later)).isEqualTo(Status.ONLINE);
    assertThat(heard.version()).isEqualTo(1);
    assertThat(heard.created()).isEqualTo(NOON);
  }

  @Test
  void keeps_the_interval_it_named_until_it_names_another() {
    assertThat(every(10).heard(null, NOON).heartbeatIntervalSeconds()).isEqualTo(10);
    assertThat(every(10).heard(20, NOON).heartbeatIntervalSeconds()).isEqualTo(20);
  }
}
