package io.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Runs on their way to become PENDING")
class AdmissionsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final UUID EARLY = UUID.randomUUID();
  private static final UUID LATE = UUID.randomUUID();

  private final Admissions admissions = new Admissions();

  AdmissionsTest() {
    admissions.admit(EARLY, NOON);
  }

  @Test
  void have_arrived_once() {
    assertThat(admissions.end(EARLY)).isFalse();
    assertThat(admissions.contains(EARLY)).isFalse();
  }

  @Test
  void may_have_asked_limits_of_before_if_they_changed_on_the_way() {
    admissions.limitsChanged();
    admissions.admit(LATE, NOON.plusSeconds(1));

    assertThat(admissions.end(EARLY)).isTrue();
    assertThat(admissions.end(LATE)).isFalse();
  }

  @Test
  void are_forgotten_when_they_take_too_long() {
    admissions.limitsChanged();
    admissions.admit(LATE, NOON.plusSeconds(1));

    assertThat(admissions.end(NOON.plusSeconds(1))).containsExactly(EARLY);
    assertThat(admissions.runs()).containsExactly(LATE);
    assertThat(admissions.end(NOON.plusSeconds(2))).isEmpty();
    assertThat(admissions.runs()).isEmpty();
  }
}
