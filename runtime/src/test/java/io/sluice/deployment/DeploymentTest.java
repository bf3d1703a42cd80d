package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deployment.Deployment.LimitRef;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A deployment")
class DeploymentTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private final DeploymentSpec spec =
      new DeploymentSpec.Builder().build().with(s -> s.name = "nightly");
  private final Deployment deployment =
      new Deployment(new UUID(1, 1), 3, NOON, NOON, spec, List.of(), null, false, NOON, false);

  @Test
  void has_the_next_version_after_each_change() {
    var later = NOON.plusSeconds(1);
    var limit = new LimitRef(new UUID(2, 2), true);
    var changed = deployment.with(spec, List.of(), limit, later);
    assertThat(changed.version()).isEqualTo(4);
    assertThat(changed.updated()).isEqualTo(later);
    assertThat(changed.created()).isEqualTo(NOON);
    assertThat(changed.limit()).isEqualTo(limit);
    assertThat(changed.lastPolled()).isEqualTo(NOON);
  }

  @Test
  void is_not_updated_by_a_poll_but_has_the_next_version() {
    var later = NOON.plusSeconds(1);
    var polled = deployment.polled(later);
    assertThat(polled.version()).isEqualTo(4);
    assertThat(polled.updated()).isEqualTo(NOON);
    assertThat(polled.lastPolled()).isEqualTo(later);
    assertThat(polled.limit()).isEqualTo(LimitRef.NONE);
  }

  @Test
  void enforces_its_parameter_schema_unless_told_otherwise() {
    assertThat(new DeploymentSpec.Builder().build().enforceParameterSchema()).isTrue();
  }

  @Test
  void keeps_what_is_not_changed() {
    assertThat(spec.with(s -> s.paused = true).with(s -> s.paused = false)).isEqualTo(spec);
  }
}
